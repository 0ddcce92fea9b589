import Assignment
import Rollout
import Stepping
import Testing
import TidegateTestKit

@testable import FlagTargets

@Suite("A flag file written by hand")
struct HandWrittenTests {
    private static func read(_ text: String, _ format: FileFormat, flag: String = "sse") throws -> Allocation?
    {
        try FlagDocument(format: format, flag: flag, bytes: Array(text.utf8)).allocation()
    }

    @Test(
        "may leave out what has a meaning anyway",
        arguments: [
            (#"{"sse": {"enabled": true, "rollout": {"percentage": 12.5}}}"#, FileFormat.json),
            (
                #"{"other": 1e400, "sse": {"rollout": {"percentage": 1.25e1, "who": 1}, "enabled": true}}"#,
                .json
            ),
            ("SSE_ENABLED=true\nSSE_ROLLOUT_PERCENTAGE=12.5", .env),
            ("# flags\n\nexport SSE_ROLLOUT_PERCENTAGE='12.5' # half\r\n  SSE_ENABLED = \"1\"\r\n", .env),
        ]
    )
    func defaults(text: String, format: FileFormat) throws {
        let expected = StoredSamples.allocation(percent: 12.5, revision: 0)
        #expect(try Self.read(text, format) == expected)
    }

    @Test("that is off needs no percentage")
    func offNeedsNoPercentage() throws {
        let expected = StoredSamples.allocation(percent: 0, enabled: false, revision: 0)
        #expect(try Self.read(#"{"sse": {"enabled": false}}"#, .json) == expected)
        #expect(try Self.read("SSE_ENABLED=false", .env) == expected)
    }

    @Test(
        "says nothing about a flag it does not mention",
        arguments: [
            ("{}", FileFormat.json), (#"{"SSE": {"enabled": true}, "ssе": 1}"#, .json),
            (#"{"sse": {"owner": "ada"}}"#, .json), ("", .env),
            ("# SSE_ENABLED=true\nXSSE_ENABLED=true\n", .env),
            ("MOTD=\"two lines\nSSE_ENABLED=true\n\"\n", .env), ("just text", .env),
        ]
    )
    func absent(text: String, format: FileFormat) throws {
        #expect(try Self.read(text, format) == nil)
    }

    @Test("names variables after the flag, in capitals", arguments: [("a-b.c", "A_B_C"), ("ünï2", "_N_2")])
    func variableNames(flag: String, prefix: String) throws {
        let text = "\(prefix)_ENABLED=false\n\(prefix)_ROLLOUT_REVISION=3\n"
        #expect(try Self.read(text, .env, flag: flag)?.revision == 3)
        #expect(try Self.read(text, .env, flag: flag)?.salt == flag)
    }

    @Test(
        "with a mistake is not guessed at, and the place is named",
        arguments: [
            ("", FileFormat.json, "1:1"),
            ("  \n", .json, "1:1"),
            ("[1]", .json, "1:1"),
            ("{\"sse\": true}", .json, "1:9"),
            ("{\"sse\": null}", .json, "1:9"),
            ("{\n  \"é\": 1,\n  \"sse\": {\"enabled\": \"yes\"}\n}", .json, "3:22"),
            ("{\"sse\": {\"enabled\": true}}", .json, "1:21"),
            ("{\"sse\": {\"rollout\": {}}}", .json, "1:21"),
            ("{\"sse\": {\"enabled\": true, \"rollout\": {\"percentage\": 101}}}", .json, "1:53"),
            ("{\"sse\": {\"enabled\": true, \"rollout\": {\"percentage\": \"10\"}}}", .json, "1:53"),
            ("{\"sse\": {\"enabled\": true, \"rollout\": {\"percentage\": 1e400}}}", .json, "1:53"),
            ("{\"sse\": {\"enabled\": false, \"rollout\": {\"revision\": -1}}}", .json, "1:52"),
            (
                "{\"sse\": {\"enabled\": false, \"rollout\": {\"revision\": 99999999999999999999}}}", .json,
                "1:52"
            ),
            ("{\"sse\": {\"enabled\": false, \"rollout\": {\"algorithm\": \"md5\"}}}", .json, "1:53"),
            ("{\"sse\": {\"enabled\": false, \"rollout\": {\"salt\": \"\\ud800\"}}}", .json, "1:48"),
            ("{\"sse\": {\"enabled\": false, \"enabled\": true}}", .json, "1:28"),
            ("{\"sse\": {\"enabled\": false}, \"s\\u0073e\": {}}", .json, "1:29"),
            ("{\"sse\": {\"enabled\": false,}}", .json, "1:27"),
            ("{\"sse\": {\"enabled\": false}} x", .json, "1:29"),
            ("{\"sse\": {\"enabled\": fals", .json, "1:21"),
            ("{\"a\": 01}", .json, "1:7"),
            ("{\"a\": NaN}", .json, "1:7"),
            ("SSE_ENABLED=maybe", .env, "1:13"),
            ("A=1\nSSE_ENABLED=true\nSSE_ROLLOUT_PERCENTAGE=-1", .env, "3:24"),
            ("SSE_ENABLED=true", .env, "1:13"),
            ("SSE_ROLLOUT_REVISION=1", .env, "1:22"),
            ("SSE_ENABLED=true\nexport SSE_ENABLED=false", .env, "2:20"),
            ("SSE_ENABLED=\"true", .env, "1:13"),
            ("SSE_ENABLED='true'no", .env, "1:13"),
            ("SSE_ENABLED=false\nSSE_ROLLOUT_PERCENTAGE=0x10", .env, "2:24"),
            ("SSE_ENABLED=false\nSSE_ROLLOUT_PERCENTAGE=nan", .env, "2:24"),
        ]
    )
    func mistakes(text: String, format: FileFormat, place: String) throws {
        let directory = try TemporaryDirectory()
        let path = directory.path("flags")
        try FileContents.write(text.utf8, to: path)
        let off = StoredSamples.allocation(percent: 0, enabled: false, revision: 9)
        let target = FileTarget(path: path, format: format, flag: "sse")
        for attempt in [{ _ = try target.read() }, { _ = try target.carryOut(.lower(to: off)) }] {
            let error = #expect(throws: FlagTargetError.self) { try attempt() }
            guard case .unreadable(let message, let hint) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(message.hasPrefix("\(path):\(place): "), "\(message)")
            #expect(hint != nil)
        }
        #expect(try FileContents.text(path) == text)
    }

    @Test("in anything but UTF-8 is not guessed at")
    func notUTF8() throws {
        let bytes = Array("{\"a\": 1,\n\"b\": \"".utf8) + [0xff] + Array("\"}".utf8)
        let document = FlagDocument(format: .json, flag: "sse", bytes: bytes)
        let fault = #expect(throws: DocumentFault.self) { try document.allocation() }
        #expect(fault?.position(in: bytes) == "2:1")
    }

    @Test("nested without end is refused, not recursed into")
    func deep() throws {
        let text = String(repeating: "[", count: 100_000)
        #expect(throws: DocumentFault.self) { try Self.read(text, .json) }
    }
}
