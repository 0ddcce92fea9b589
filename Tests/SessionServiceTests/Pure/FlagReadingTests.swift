import Assignment
import SessionService
import Testing

@Suite("A flag file")
struct FlagDocumentTests {
    private func reading(_ text: String, flag: String = "sse") -> FlagDocument.Reading {
        FlagDocument(Array(text.utf8), flag: flag).reading
    }

    private func isUnusable(_ text: String) -> Bool {
        if case .unusable = reading(text) { true } else { false }
    }

    @Test("says the allocation, fractions too")
    func readsAllocation() throws {
        let text = """
            {"other": {"enabled": 3, "list": [{}]}, "sse": {"enabled": true, "rollout": {"percentage": 12.5,
             "salt": "s", "algorithm": "flagd-v2", "revision": 7}}}
            """
        let percentage = try #require(Percentage(percent: 12.5))
        #expect(
            reading(text)
                == .says(Allocation(enabled: true, percentage: percentage, salt: "s", revision: 7))
        )
    }

    @Test("may leave out what has a usual value")
    func fillsIn() {
        #expect(
            reading(#"{"a.b": {"enabled": false}}"#, flag: "a.b")
                == .says(Allocation(enabled: false, percentage: .zero, salt: "a.b", revision: 0))
        )
    }

    @Test("may say nothing about the flag", arguments: ["{}", #"{"a": 1}"#, #"{"sse": {"name": 1}}"#])
    func saysNothing(text: String) {
        #expect(reading(text) == .saysNothing)
    }

    @Test(
        "is unusable when it does not mean anything",
        arguments: [
            "", "{", "[]", "null", #"{"sse": null}"#, #"{"sse": true}"#, #"{"sse": {"enabled": 1}}"#,
            #"{"sse": {"rollout": {"percentage": 1}}}"#, #"{"sse": {"enabled": true}}"#,
            #"{"sse": {"enabled": true, "rollout": {"percentage": 101}}}"#,
            #"{"sse": {"enabled": true, "rollout": {"percentage": -1}}}"#,
            #"{"sse": {"enabled": true, "rollout": {"percentage": 0.0001}}}"#,
            #"{"sse": {"enabled": true, "rollout": {"percentage": "10"}}}"#,
            #"{"sse": {"enabled": true, "rollout": {"percentage": true}}}"#,
            #"{"sse": {"enabled": false, "rollout": {"percentage": null}}}"#,
            #"{"sse": {"enabled": true, "rollout": {"percentage": 1, "algorithm": "md5"}}}"#,
            #"{"sse": {"enabled": true, "rollout": {"percentage": 1, "salt": 1}}}"#,
            #"{"sse": {"enabled": true, "rollout": {"percentage": 1, "revision": -1}}}"#,
            #"{"sse": {"enabled": true, "rollout": {"percentage": 1, "revision": 1.5}}}"#,
        ]
    )
    func isUnusable(text: String) {
        #expect(isUnusable(text), "\(reading(text))")
    }
}

@Suite("The environment")
struct FlagEnvironmentTests {
    private func allocation(_ variables: [String: String], flag: String = "sse") throws -> Allocation? {
        try FlagEnvironment.allocation(of: flag, in: variables)
    }

    @Test("says the flag in the controller's names")
    func readsAllocation() throws {
        let variables = [
            "SSE_ENABLED": "true", "SSE_ROLLOUT_PERCENTAGE": "12.5", "SSE_ROLLOUT_SALT": "s",
            "SSE_ROLLOUT_ALGORITHM": "flagd-v2", "SSE_ROLLOUT_REVISION": "7",
        ]
        let percentage = try #require(Percentage(percent: 12.5))
        #expect(
            try allocation(variables)
                == Allocation(enabled: true, percentage: percentage, salt: "s", revision: 7)
        )
    }

    @Test("spells a flag's name in capitals, digits and underscores")
    func spellsName() throws {
        #expect(try allocation(["MY_FLAG_2_ENABLED": "0"], flag: "my-flag.2")?.enabled == false)
    }

    @Test("may say nothing about the flag")
    func saysNothing() throws {
        #expect(try allocation(["PATH": "/bin", "SSE": "1"]) == nil)
    }

    @Test(
        "is refused when it does not mean anything",
        arguments: [
            ["SSE_ENABLED": "yes"], ["SSE_ENABLED": "true"], ["SSE_ROLLOUT_PERCENTAGE": "10"],
            ["SSE_ENABLED": "true", "SSE_ROLLOUT_PERCENTAGE": "101"],
            ["SSE_ENABLED": "true", "SSE_ROLLOUT_PERCENTAGE": "nan"],
            ["SSE_ENABLED": "true", "SSE_ROLLOUT_PERCENTAGE": "0x1"],
            ["SSE_ENABLED": "false", "SSE_ROLLOUT_ALGORITHM": "md5"],
            ["SSE_ENABLED": "false", "SSE_ROLLOUT_REVISION": "-1"],
        ]
    )
    func refusesGarbage(variables: [String: String]) {
        #expect(throws: ServiceError.self) { try allocation(variables) }
    }
}
