import FoundationEssentials
import NIOHTTP1
import SessionService
import Testing
import TidegateTestKit

@Suite("A stream of somebody who has logged in", .ownThreads, .timeLimit(.minutes(1)))
struct StreamLoginTests {
    private static let login: HTTPHeaders = ["Authorization": "Bearer secret"]

    @Test("ends with the login, and its client is told to log in again")
    func endsWithLogin() async throws {
        let directory = try TemporaryDirectory()
        // Long enough to open a stream on a busy machine.
        let ends = (Date() + 15).formatted(.iso8601)
        let path = directory.path("tokens")
        try FileContents.write("ops \(TokenTableTests.secret) \(ends)\n".utf8, to: path)
        try await RunningServer.with { settings in
            settings.tokensPath = path
        } _: { server in
            try await ClientStream.with(port: server.port, headers: Self.login) { stream in
                let last = try #require(try await stream.readToEnd().last)
                #expect(try last.payload().type == "reauth")
                #expect(stream.hasEndedProperly)
            }
            try await server.waitForMetrics(#"sse_disconnects_total{reason="reauth"} 1"#)
        }
    }
}
