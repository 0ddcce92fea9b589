import SessionService
import Testing
import TidegateTestKit

@Suite("A flag that changes while clients are connected", .ownThreads, .timeLimit(.minutes(1)))
struct LiveFlagTests {
    @Test("sends away who is now outside, and nobody else")
    func lowers() async throws {
        try await RunningServer.with(percentage: 100) { server in
            try await ClientStream.with(port: server.port) { inside in
                _ = try await inside.next("snapshot")
                try await ClientStream.with(port: server.port, client: RunningServer.outsider) { outside in
                    _ = try await outside.next("snapshot")
                    try server.setFlag(50, revision: 2)
                    let control = try #require(try await outside.readToEnd().last).payload()
                    #expect(control.type == "reassign")
                    #expect((0...200).contains(try #require(control.afterMs)))
                    #expect(outside.hasEndedProperly)
                }
                let path = "/api/sse/sessions?client=\(RunningServer.outsider)"
                #expect(try await HTTPExchange.send(port: server.port, path).status == 204)
                try await server.waitForMetrics(
                    #"sse_active_connections{variant="sse"} 1"#,
                    #"rollout_percentage{flag="sse"} 50"#,
                    #"rollout_revision{flag="sse"} 2"#,
                    #"flag_reload_total{result="applied"} 2"#
                )
                try server.setFlag(0, revision: 3)
                #expect(try #require(try await inside.readToEnd().last).payload().type == "reassign")
            }
        }
    }

    @Test("lets in who is now inside, from a file that was not there")
    func raises() async throws {
        try await RunningServer.with(percentage: nil) { server in
            let path = "/api/sse/sessions?client=\(RunningServer.insider)"
            #expect(try await HTTPExchange.send(port: server.port, path).status == 204)
            try server.setFlag(1, revision: 1)
            try await server.waitForMetrics(#"rollout_percentage{flag="sse"} 1"#)
            try await ClientStream.with(port: server.port) { stream in
                let first = try await stream.next()
                #expect(first?.name == "snapshot")
            }
        }
    }

    @Test(
        "stays as it was when its file cannot be used",
        arguments: ["", "{", #"{"sse": {"enabled": true, "rollout": {"percentage": 101}}}"#]
    )
    func keepsLastGood(text: String) async throws {
        try await RunningServer.with(percentage: 50) { server in
            try server.setFlagFile(text)
            try await server.waitForMetrics(
                #"flag_reload_total{result="rejected"} 1"#,
                #"rollout_percentage{flag="sse"} 50"#
            )
            try server.setFlag(60, revision: 2)
            try await server.waitForMetrics(#"rollout_percentage{flag="sse"} 60"#)
        }
    }

    @Test("is the environment's where the file does not mention it, and never a mixture")
    func fallsBack() async throws {
        try await RunningServer.with(percentage: nil) { settings in
            settings.environment = [
                "SSE_ENABLED": "true", "SSE_ROLLOUT_PERCENTAGE": "25", "SSE_ROLLOUT_REVISION": "9",
            ]
        } _: { server in
            try await server.waitForMetrics(
                #"rollout_percentage{flag="sse"} 25"#,
                #"rollout_revision{flag="sse"} 9"#
            )
            try server.setFlagFile(#"{"sse": {"enabled": true, "rollout": {"percentage": 50}}}"#)
            try await server.waitForMetrics(
                #"rollout_percentage{flag="sse"} 50"#,
                #"rollout_revision{flag="sse"} 0"#
            )
            try server.setFlagFile(#"{"other": {"enabled": true}}"#)
            try await server.waitForMetrics(
                #"rollout_percentage{flag="sse"} 25"#,
                #"rollout_revision{flag="sse"} 9"#
            )
        }
    }

    @Test("is off when its file cannot be used from the start")
    func beginsOff() async throws {
        try await RunningServer.with(percentage: 101) { settings in
            settings.environment = ["SSE_ENABLED": "true", "SSE_ROLLOUT_PERCENTAGE": "25"]
        } _: { server in
            try await server.waitForMetrics(
                #"rollout_percentage{flag="sse"} 0"#,
                #"flag_reload_total{result="rejected"} 1"#
            )
        }
    }
}
