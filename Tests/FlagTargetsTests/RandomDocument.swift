import TidegateTestKit

/// Made-up flag files: any layout, any neighbours, our flag present, partial or absent.
enum RandomDocument {
    static func json(using random: inout SeededGenerator) -> String {
        var members = (0..<Int.random(in: 0...4, using: &random)).map { index in
            "\"other\(index)\"\(blank(using: &random)):\(blank(using: &random))\(value(depth: 0, using: &random))"
        }
        if Bool.random(using: &random) {
            members.insert(flag(using: &random), at: Int.random(in: 0...members.count, using: &random))
        }
        return blank(using: &random) + object(members, using: &random) + blank(using: &random)
    }

    private static func flag(using random: inout SeededGenerator) -> String {
        var rollout = [
            "\"percentage\": 1.0e1", "\"salt\": \"s\\u0073e\"", "\"algorithm\":\"flagd-v2\"",
            "\"revision\" : 0",
        ].filter { _ in Bool.random(using: &random) }
        rollout.append("\"note\": \(value(depth: 1, using: &random))")
        rollout.shuffle(using: &random)
        var members = ["\"enabled\": false", "\"who\": \(value(depth: 1, using: &random))"]
        if Bool.random(using: &random) { members.append("\"rollout\": \(object(rollout, using: &random))") }
        members.shuffle(using: &random)
        return "\"\\u0073se\": \(object(members, using: &random))"
    }

    static func value(depth: Int, using random: inout SeededGenerator) -> String {
        let plain = [
            "1e400", "-0.0", "123456789012345678901234567890", "\"\\ud83d\\ude00\\n\"", "\"é}{\\\"\"", "null",
            "true",
            "\"\\ud800\"", "{\"a\":1,\"a\":2}", "[ ]",
        ]
        guard depth < 2, Int.random(in: 0..<3, using: &random) == 0 else {
            return plain.randomElement(using: &random) ?? "null"
        }
        let members = (0..<Int.random(in: 0...3, using: &random)).map { index in
            "\"enabled\(index)\":\(value(depth: depth + 1, using: &random))"
        }
        return object(members, using: &random)
    }

    static func object(_ members: [String], using random: inout SeededGenerator) -> String {
        let gap = ["", " ", "\n  ", "\r\n\t"].randomElement(using: &random) ?? ""
        return "{\(gap)\(members.joined(separator: ",\(gap)"))\(blank(using: &random))}"
    }

    static func blank(using random: inout SeededGenerator) -> String {
        ["", "", " ", "\n", "\t", "\r\n"].randomElement(using: &random) ?? ""
    }

    static func env(using random: inout SeededGenerator) -> [UInt8] {
        let neighbours: [[UInt8]] = [
            Array("# a comment with 'quotes".utf8), [], Array("OTHER=1".utf8),
            Array("export PATH=\"/a b\"".utf8),
            Array("MOTD='over".utf8) + [0x0a] + Array("two lines'".utf8), Array("LATIN=".utf8) + [0xe9],
            Array("no assignment".utf8), Array("  INDENTED = x # y".utf8), Array("EMPTY=".utf8),
        ]
        let ours = [
            "SSE_ENABLED=false", "SSE_ROLLOUT_PERCENTAGE=\"10\"", "export SSE_ROLLOUT_SALT='x y' # salt",
            "SSE_ROLLOUT_REVISION=0",
        ]
        var lines = neighbours.filter { _ in Bool.random(using: &random) }
        lines.shuffle(using: &random)
        if Bool.random(using: &random) {
            for (index, line) in ours.enumerated() where index == 0 || Bool.random(using: &random) {
                lines.insert(Array(line.utf8), at: Int.random(in: 0...lines.count, using: &random))
            }
        }
        // With CRLF always to the end: a last line that gets its \r with the next one would look changed.
        guard Bool.random(using: &random) else { return lines.flatMap { $0 + [0x0d, 0x0a] } }
        let text = Array(lines.joined(separator: [0x0a]))
        return Bool.random(using: &random) ? text : text + [0x0a]
    }
}
