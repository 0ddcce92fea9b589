import FoundationEssentials
import NIOHTTP1
import SessionService
import Testing
import TidegateTestKit

@Suite("A server whose sessions are changed by clients", .ownThreads, .timeLimit(.minutes(1)))
struct MutationTests {
    private struct Item: Decodable, Equatable {
        var id: String
        var name: String
        var status: String
        var command: [String]
        var folder: String?
    }

    private struct List: Decodable {
        var sessions: [Item]
    }

    private func list(_ server: RunningServer) async throws -> [Item] {
        let body = try await HTTPExchange.send(port: server.port, "/api/sessions").body
        return try JSONDecoder().decode(List.self, from: Data(body.utf8)).sessions
    }

    private func item(_ exchange: HTTPExchange) throws -> Item {
        try JSONDecoder().decode(Item.self, from: Data(exchange.body.utf8))
    }

    private static func command(_ program: String) -> String { #"{"command": ["\#(program)"]}"# }

    private func post(_ body: String, to server: RunningServer) async throws -> HTTPExchange {
        try await HTTPExchange.send(.POST, port: server.port, "/api/sessions", body: body)
    }

    @Test("tells streams and pollers of each change")
    func changes() async throws {
        try await RunningServer.with { settings in
            settings.sessions = 0
        } _: { server in
            try await ClientStream.with(port: server.port) { stream in
                _ = try await stream.next("snapshot")
                let body = #"{"name": "build", "command": ["make", "-j2"], "folder": "src/app"}"#
                let created = try await post(body, to: server)
                #expect(created.status == 201)
                let made = try item(created)
                #expect(made.name == "build" && made.status == "running" && made.folder == "src/app")
                #expect(made.command == ["make", "-j2"])
                let path = "/api/sessions/\(made.id)"
                #expect(created.headers["Location"] == [path])
                let first = try await stream.next("delta").payload().ops?.first
                #expect(first?.op == "upsert" && first?.session?.id == made.id)
                #expect(try await list(server) == [made])

                let changed = try await HTTPExchange.send(
                    .PATCH,
                    port: server.port,
                    path,
                    body: #"{"name": "Ünïcode 🚀", "status": "exited"}"#
                )
                #expect(changed.status == 200)
                #expect(try item(changed).name == "Ünïcode 🚀" && item(changed).status == "exited")
                #expect(try await stream.next("delta").payload().ops?.first?.session?.name == "Ünïcode 🚀")
                #expect(try await list(server) == [item(changed)])

                let removed = try await HTTPExchange.send(.DELETE, port: server.port, path)
                #expect(removed.status == 204 && removed.body.isEmpty)
                let last = try await stream.next("delta").payload().ops?.first
                #expect(last?.op == "remove" && last?.id == made.id)
                #expect(try await list(server).isEmpty)
                for method in [HTTPMethod.DELETE, .PATCH] {
                    let gone = try await HTTPExchange.send(
                        method,
                        port: server.port,
                        path,
                        body: #"{"name": "x"}"#
                    )
                    #expect(gone.status == 404)
                    #expect(gone.headers["Content-Type"] == ["application/problem+json"])
                }
            }
        }
    }

    @Test("names a session after its command where nobody does")
    func namesByCommand() async throws {
        try await RunningServer.with { server in
            let created = try await post(Self.command("htop"), to: server)
            #expect(try item(created).name == "htop")
        }
    }

    @Test(
        "refuses what is wrong and says which member",
        arguments: [
            ("", "not JSON"), ("[]", "not a JSON object"), ("{}", "'command' is missing"),
            (#"{"command": "make"}"#, "'command' is not a list"),
            (#"{"command": ["a", 1]}"#, "'command[1]' is not a text"),
            (#"{"command": []}"#, "'command' has no program"),
            (#"{"command": [""]}"#, "'command' has no program"),
            (#"{"command": ["a\u0000"]}"#, "'command[0]' contains a control character"),
            (#"{"command": ["a"], "nam": "x"}"#, "'nam' is no member"),
            (#"{"command": ["a"], "name": ""}"#, "'name' is not 1 to 100"),
            (#"{"command": ["a"], "name": "a\nb"}"#, "'name' contains a control character"),
            (#"{"command": ["a"], "folder": "../etc"}"#, "'folder' is not a path"),
            (#"{"command": ["a"], "folder": "/etc"}"#, "'folder' is not a path"),
            (
                #"{"command": ["a"], "name": "\#(String(repeating: "x", count: 101))"}"#,
                "'name' is not 1 to 100"
            ),
            (
                #"{"command": [\#(Array(repeating: #""a""#, count: 65).joined(separator: ","))]}"#,
                "'command' has 65 words"
            ),
        ]
    )
    func refuses(body: String, why: String) async throws {
        try await RunningServer.with { settings in
            settings.sessions = 0
        } _: { server in
            let answer = try await post(body, to: server)
            #expect(answer.status == 400 && answer.body.contains(why), "\(answer.body)")
            #expect(answer.headers["Content-Type"] == ["application/problem+json"])
            #expect(try await list(server).isEmpty)
        }
    }

    @Test("refuses to change what cannot be", arguments: ["{}", #"{"status": "running"}"#, #"{"id": "x"}"#])
    func refusesChange(body: String) async throws {
        try await RunningServer.with { server in
            let before = try await list(server)
            let id = try #require(before.first?.id)
            let path = "/api/sessions/\(id)"
            #expect(try await HTTPExchange.send(.PATCH, port: server.port, path, body: body).status == 400)
            #expect(try await list(server) == before)
        }
    }

    @Test("takes bodies of 16 KB and none longer")
    func boundsBodies() async throws {
        try await RunningServer.with { server in
            let longest = String(repeating: "x", count: 16_384 - Self.command("").utf8.count)
            let taken = try await post(Self.command(longest), to: server)
            #expect(taken.status == 201)
            let refused = try await post(Self.command("\(longest)x"), to: server)
            #expect(refused.status == 413)
        }
    }

    @Test("keeps the list below what a client that does not read may keep waiting")
    func boundsList() async throws {
        try await RunningServer.with { server in
            let long = Self.command(String(repeating: "x", count: 15 * 1_024))
            var statuses: [Int] = []
            for _ in 0..<30 { statuses.append(try await post(long, to: server).status) }
            #expect(statuses.first == 201 && statuses.last == 409)
            let list = try await HTTPExchange.send(port: server.port, "/api/sessions").body
            // The last one that was taken may pass the limit by its own length.
            #expect((256 * 1_024..<272 * 1_024).contains(list.utf8.count))
        }
    }

    @Test("keeps to a thousand sessions")
    func boundsSessions() async throws {
        try await RunningServer.with { settings in
            settings.sessions = 999
        } _: { server in
            #expect(try await post(Self.command("a"), to: server).status == 201)
            let full = try await post(Self.command("a"), to: server)
            #expect(full.status == 409 && full.body.contains("terminate one first"))
            let id = try #require(try await list(server).first?.id)
            _ = try await HTTPExchange.send(.DELETE, port: server.port, "/api/sessions/\(id)")
            #expect(try await post(Self.command("a"), to: server).status == 201)
        }
    }
}
