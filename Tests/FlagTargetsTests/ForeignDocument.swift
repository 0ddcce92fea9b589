import Rollout
import TidegateTestKit

@testable import FlagTargets

extension RandomDocument {
    /// A made-up document of flagd or Unleash: any layout, any neighbours, our flag present with more in it, or absent.
    static func foreign(_ format: FileFormat, using random: inout SeededGenerator) -> String {
        var members = ["\"metadata\": \(value(depth: 0, using: &random))"]
        let count = Int.random(in: 0...3, using: &random)
        var flags = (0..<count).map { index in
            format == .unleash
                ? object(
                    ["\"name\":\"other\(index)\"", "\"n\": \(value(depth: 1, using: &random))"],
                    using: &random
                )
                : "\"other\(index)\":\(blank(using: &random))\(value(depth: 1, using: &random))"
        }
        if Bool.random(using: &random) {
            let flag = format == .unleash ? feature(using: &random) : flag(format, using: &random)
            flags.insert(flag, at: Int.random(in: 0...flags.count, using: &random))
        }
        if Bool.random(using: &random) || !flags.isEmpty {
            let gap = ["", " ", "\n    ", "\r\n\t"].randomElement(using: &random) ?? ""
            let list = "[\(gap)\(flags.joined(separator: ",\(gap)"))\(blank(using: &random))]"
            members.append(
                format == .unleash ? "\"features\": \(list)" : "\"flags\" : \(object(flags, using: &random))"
            )
        }
        if format == .unleash { members.append("\"version\": 1") }
        members.shuffle(using: &random)
        return blank(using: &random) + object(members, using: &random) + blank(using: &random)
    }

    private static func flag(_ format: FileFormat, using random: inout SeededGenerator) -> String {
        let targeting =
            format == .flagd
            ? #"{"fractional" : [["on", 1e1],["off",90]]}"#
            : #"{"if":[{"<":[{"var":["rollout.sse",1e5]},1.0e4]},"on","o\u0066f"]}"#
        var members = [
            "\"state\": \"ENABLED\"", #""variants": {"blue": 1e400, "off":false, "on" :true}"#,
            #""defaultVariant": "\u006fff""#, "\"targeting\" :\(targeting)",
            "\"who\": \(value(depth: 1, using: &random))",
        ]
        if Bool.random(using: &random) {
            members.append(#""metadata": {"owner": [1e400], "rolloutSalt": "sse","rolloutRevision" : 0}"#)
        }
        members.shuffle(using: &random)
        return "\"\\u0073se\": \(object(members, using: &random))"
    }

    private static func feature(using random: inout SeededGenerator) -> String {
        let guardian = #"{"operator":"NOT_IN", "values" : [ "" ], "contextName": "user\u0049d"}"#
        var strategy = [
            #""name": "flexibleRollout", "id": 7, "segments": []"#, "\"constraints\" : [\(guardian)]",
            #""parameters":{"groupId":"sse","rollout": "10", "note": [], "stickiness":"userId"}"#,
        ]
        strategy.shuffle(using: &random)
        var members = [
            "\"name\" : \"sse\"", "\"enabled\":false", "\"project\": \(value(depth: 1, using: &random))",
            "\"strategies\": [ \(object(strategy, using: &random)) ]",
        ]
        if Bool.random(using: &random) { members.append(#""tidegate": {"who": 1e400, "revision":0}"#) }
        members.shuffle(using: &random)
        return object(members, using: &random)
    }
}

/// The exact bytes of everything in a document that is not ours, as `path: text`.
struct ForeignMembers {
    private(set) var others: [String] = []
    private let bytes: [UInt8]

    /// What of our flag is ours: paths that end here, or go on below.
    private static let ours: [FileFormat: Set<String>] = [
        .flagd: flagd, .flagdBucket: flagd,
        .unleash: [
            "name", "type", "enabled", "stale", "impressionData", "variants", "strategies.name",
            "strategies.constraints",
            "strategies.parameters.rollout", "strategies.parameters.stickiness",
            "strategies.parameters.groupId",
            "tidegate.percentage", "tidegate.salt", "tidegate.algorithm", "tidegate.revision",
        ],
    ]
    private static let flagd: Set<String> = [
        "state", "defaultVariant", "targeting", "variants.on", "variants.off", "metadata.rolloutPercentage",
        "metadata.rolloutSalt", "metadata.bucketing", "metadata.rolloutRevision",
    ]

    init(_ bytes: [UInt8], _ format: FileFormat) throws {
        self.bytes = bytes
        guard case .object(let members) = try JSONScanner.parse(bytes).content else { return }
        for member in members {
            let flags = Self.flags(in: member)
            guard let flags else {
                others.append(text(member.value, "top.\(member.key ?? "?")"))
                continue
            }
            for (name, node) in flags {
                if name == "sse" {
                    collect(node, path: "", ours: Self.ours[format] ?? [])
                } else {
                    others.append(text(node, "flag.\(name)"))
                }
            }
        }
        others.removeAll { $0.hasPrefix("top.version") }
    }

    private static func flags(in member: JSONMember) -> [(String, JSONNode)]? {
        switch (member.key, member.value.content) {
        case ("flags", .object(let flags)): flags.map { ($0.key ?? "?", $0.value) }
        case ("features", .array(let features)):
            features.map { feature in
                guard case .object(let members) = feature.content else { return ("?", feature) }
                return (members.first { $0.key == "name" }?.value.text ?? "?", feature)
            }
        default: nil
        }
    }

    private mutating func collect(_ node: JSONNode, path: String, ours: Set<String>) {
        guard !ours.contains(path) else { return }
        let isAbove = path.isEmpty || ours.contains { $0.hasPrefix("\(path).") }
        switch node.content {
        case .object(let members) where isAbove:
            for member in members {
                collect(
                    member.value,
                    path: path.isEmpty ? member.key ?? "?" : "\(path).\(member.key ?? "?")",
                    ours: ours
                )
            }
        case .array(let elements) where isAbove:
            for element in elements { collect(element, path: path, ours: ours) }
        default: others.append(text(node, path))
        }
    }

    private func text(_ node: JSONNode, _ path: String) -> String {
        "\(path): \(String(decoding: bytes[node.span], as: UTF8.self))"
    }
}
