import Assignment
import FoundationEssentials
import Testing
import TidegateTestKit

@Suite("Assigning clients")
struct AssignTests {
    private static let words = ["assign", "--flag", "sse", "--percentage", "30"]

    /// Runs it with a file as standard input.
    private func stream(_ input: some Sequence<UInt8>, _ arguments: String...) throws -> CommandOutcome {
        let directory = try TemporaryDirectory()
        let path = directory.path("ids")
        try FileContents.write(Array(input), to: path)
        return try TidegateCommand(
            Self.words + ["--from", "-"] + arguments,
            readingFrom: path
        ).run()
    }

    private func lines(_ text: String) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    /// What the library says, in the words of the program.
    private func expected(_ ids: some Sequence<String>) -> String {
        let allocation = Allocation(
            enabled: true,
            percentage: .percent(30),
            salt: "sse",
            algorithm: .flagdV2,
            revision: 0
        )
        let assigner = Assigner(allocation, flag: "sse")
        return ids.map { id in
            let assigned = assigner.assign(id)
            let bucket = assigned.bucket.map { "\($0)" } ?? "-"
            return
                "\(id)\t\(assigned.variant == .treatment ? "on" : "off")\t\(bucket)\t\(assigned.reason.rawValue)\n"
        }.joined()
    }

    @Test("by a rollout is who has the treatment now, from arguments and from a file")
    func byRollout() throws {
        let site = try Site()
        try site.start("--from-step", "3")
        let named = try site.run("assign", "--id", "alice", "--id", "bob")
        #expect(named.output.split(separator: "\n").allSatisfy { $0.contains("\tsse\t") }, "\(named)")
        #expect(named.errors == "")
        let ids = site.directory.path("ids")
        try FileContents.write(Array("alice\nbob\n".utf8), to: ids)
        #expect(try site.run("assign", "--from", ids).output == named.output)
        let none = try site.run("assign", "--id", "alice", "--percentage", "0")
        #expect(none.output.contains("\tpolling\t"), "\(none)")
        try site.run("rollback")
        #expect(try site.run("assign", "--id", "alice").output == "alice\tpolling\t-\tDISABLED\n")
    }

    @Test("needs no policy, and gives what the library gives, many blocks long")
    func many() throws {
        let ids = Array(SampleClients(count: 30_000))
        let outcome = try stream(ids.joined(separator: "\n").utf8)
        #expect(outcome.status == 0)
        #expect(outcome.output == expected(ids))
        #expect(outcome.errors.hasPrefix("30,000 ids: on "), "\(outcome.errors)")
        #expect(outcome.errors.contains("expected 30 %, off by "))
        #expect(outcome.errors.contains("sample ratio p = 0."))
    }

    @Test("takes lines of any length, ended by LF, CRLF or nothing")
    func lineEnds() throws {
        let long = String(repeating: "x", count: 700_000)
        let ids = ["alice", "", "bob", long, "häuser", "", "last"]
        for (separator, end) in [("\n", ""), ("\n", "\n"), ("\r\n", ""), ("\r\n", "\r\n")] {
            let outcome = try stream((ids.joined(separator: separator) + end).utf8)
            #expect(outcome.status == 0)
            #expect(outcome.output == expected(ids))
            #expect(outcome.errors.contains("not by bucket: 2 TARGETING_KEY_MISSING"))
        }
    }

    @Test("takes a byte order mark for no part of the first id")
    func byteOrderMark() throws {
        let outcome = try stream([0xef, 0xbb, 0xbf] + Array("alice\nbob".utf8))
        #expect(outcome.output == expected(["alice", "bob"]))
    }

    @Test("of no ids is nothing")
    func nothing() throws {
        let outcome = try stream([])
        #expect(outcome.status == 0)
        #expect(outcome.output == "")
        #expect(outcome.errors == "no ids\n")
    }

    @Test("names the line that is not UTF-8, and guesses nothing")
    func notUTF8() throws {
        for format in ["--json", "--csv", "--quiet"] {
            let outcome = try stream(Array("alice\nb".utf8) + [0xff] + Array("b\ncarol\n".utf8), format)
            #expect(outcome.status == 65)
            #expect(outcome.output.contains("alice"))
            #expect(!outcome.output.contains("carol"))
            #expect(outcome.errors.contains("error: standard input: line 2 is not UTF-8"), "\(outcome)")
        }
    }

    @Test("with --json is an object a line, with every id escaped as it must be")
    func json() throws {
        struct Line: Decodable, Equatable {
            var id: String
            var variant: String
            var bucket: UInt32?
            var reason: String
        }
        let ids = ["alice", "", #"qu"ote\"#, "tab\there", "\u{1}\u{1f}\u{7f}", "häuser", "a,b"]
        let outcome = try stream(ids.joined(separator: "\n").utf8, "--json")
        let text = lines(outcome.output)
        #expect(text.first?.hasPrefix(#"{"id":"alice","variant":"o"#) == true)
        #expect(text[1] == #"{"id":"","variant":"off","bucket":null,"reason":"TARGETING_KEY_MISSING"}"#)
        let read = try text.dropLast().map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
        #expect(read.map(\.id) == ids)
        let rows = lines(expected(ids)).dropLast().map { $0.split(separator: "\t").suffix(3) }
        #expect(read.map(\.reason) == rows.map { String($0.last ?? "") })
    }

    @Test("with --csv is a table, with quotes where an id needs them")
    func csv() throws {
        let outcome = try stream("alice\na,b\nqu\"ote\n".utf8, "--csv")
        let rows = lines(outcome.output)
        #expect(rows[0] == "id,variant,bucket,reason")
        #expect(rows[1].hasPrefix("alice,o"))
        #expect(rows[2].hasPrefix("\"a,b\",o"))
        #expect(rows[3].hasPrefix("\"qu\"\"ote\",o"))
        #expect(rows[1].hasSuffix(",SPLIT"))
        #expect(rows.count == 5)
    }

    @Test("with --quiet leaves out the summary only")
    func quiet() throws {
        let outcome = try stream("alice\n".utf8, "--quiet")
        #expect(outcome.output == expected(["alice"]))
        #expect(outcome.errors == "")
    }

    @Test("knows all algorithms, salts and names", arguments: HashAlgorithm.allCases)
    func options(algorithm: HashAlgorithm) throws {
        let outcome = try TidegateCommand(
            Self.words + [
                "--salt", "pepper", "--algorithm", algorithm.rawValue, "--treatment", "new", "--control",
                "old", "--json", "--id", "alice",
            ]
        ).run()
        let allocation = Allocation(
            enabled: true,
            percentage: .percent(30),
            salt: "pepper",
            algorithm: algorithm,
            revision: 0
        )
        let assigned = Assigner(allocation, flag: "sse").assign("alice")
        let name = assigned.variant == .treatment ? "new" : "old"
        let bucket = try #require(assigned.bucket)
        #expect(
            outcome.output
                == #"{"id":"alice","variant":"\#(name)","bucket":\#(bucket),"reason":"SPLIT"}"# + "\n"
        )
    }

    @Test("ends well when nobody reads any further")
    func closedPipe() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path("ids")
        try FileContents.write(
            Array(SampleClients(count: 50_000).joined(separator: "\n").utf8),
            to: path
        )
        let program = try TidegateCommand.programPath()
        let line =
            "{ '\(program)' assign --flag sse --percentage 30 --from '\(path)'; echo $? >&2; } | head -n 1"
        let outcome = try TidegateCommand([]).runLine(line)
        #expect(lines(outcome.output).count == 2)
        #expect(outcome.errors == "0\n")
    }

    @Test("says where it cannot read or write")
    func unusable() throws {
        let missing = try TidegateCommand(Self.words + ["--from", "/nonexistent/ids"]).run()
        #expect(missing.status == 65)
        #expect(missing.errors.contains("/nonexistent/ids cannot be opened"))
        let folder = try TidegateCommand(Self.words + ["--from", "/tmp"]).run()
        #expect(folder.status == 65)
        #expect(folder.errors.contains("cannot be read"))
        let program = try TidegateCommand.programPath()
        let full = try TidegateCommand([]).runLine(
            "'\(program)' assign --flag sse --percentage 30 --id alice > /dev/full"
        )
        #expect(full.status == 74)
        #expect(full.errors.contains("cannot be written"))
    }
}
