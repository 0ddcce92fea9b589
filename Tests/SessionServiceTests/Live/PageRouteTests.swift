import FoundationEssentials
import NIOHTTP1
import Testing
import TidegateTestKit

@Suite("A server, asked for its page", .ownThreads, .timeLimit(.minutes(1)))
struct PageRouteTests {
    private static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
        .appending(path: "Sources/SessionService/Page")

    private static let types = [
        "html": "text/html; charset=utf-8", "css": "text/css; charset=utf-8",
        "mjs": "text/javascript; charset=utf-8", "svg": "image/svg+xml; charset=utf-8",
    ]

    private func source(_ name: String) throws -> String {
        try String(contentsOf: Self.folder.appending(path: name), encoding: .utf8)
    }

    /// The names of the page's files.
    private func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: Self.folder.path).sorted()
    }

    @Test("answers with every file there is, as it is, with its type")
    func serves() async throws {
        try await RunningServer.with { server in
            let names = try names()
            #expect(names.count > 20)
            for name in names {
                let path = name == "index.html" ? "/" : "/page/\(name)"
                let answer = try await HTTPExchange.send(port: server.port, path)
                #expect(answer.status == 200, "\(path)")
                let text = try source(name)
                #expect(answer.body == text, "\(path)")
                let type = try #require(name.split(separator: ".").last.flatMap { Self.types[String($0)] })
                #expect(answer.headers["Content-Type"] == [type])
                #expect(answer.headers["X-Content-Type-Options"] == ["nosniff"])
                #expect(answer.headers["Cache-Control"] == ["no-cache"])
                #expect(answer.headers["Referrer-Policy"] == ["no-referrer"])
                let policy = try #require(answer.headers["Content-Security-Policy"].first)
                for part in ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"] {
                    #expect(policy.contains(part))
                }
                #expect(!policy.contains("unsafe") && !policy.contains("*"))
            }
        }
    }

    @Test("sends a file once for each version of it, and no body where none is asked for")
    func savesBytes() async throws {
        try await RunningServer.with { server in
            let first = try await HTTPExchange.send(port: server.port, "/")
            let tag = try #require(first.headers["ETag"].first)
            #expect(tag.hasPrefix("\"") && tag.hasSuffix("\""))
            let other = try await HTTPExchange.send(port: server.port, "/page/style.css")
            #expect(other.headers["ETag"] != [tag])
            let known: HTTPHeaders = ["If-None-Match": tag]
            let again = try await HTTPExchange.send(port: server.port, "/", headers: known)
            #expect(again.status == 304 && again.body.isEmpty && again.headers["ETag"] == [tag])
            let head = try await HTTPExchange.send(.HEAD, port: server.port, "/")
            #expect(head.status == 200 && head.body.isEmpty)
            #expect(head.headers["Content-Length"] == ["\(first.body.utf8.count)"])
            let changed: HTTPHeaders = ["If-None-Match": "\"other\""]
            let new = try await HTTPExchange.send(port: server.port, "/", headers: changed)
            #expect(new.status == 200)
        }
    }

    @Test("knows no other files, however they are spelt")
    func isATable() async throws {
        try await RunningServer.with { server in
            for path in [
                "/page/", "/page/nix.mjs", "/page/../Package.swift", "/page/%2e%2e/index.html",
                "/page//main.mjs/x",
                "/page/..%2f..%2fetc/passwd", "/index.html", "/page/main.mjs%00.css",
            ] {
                let answer = try await HTTPExchange.send(port: server.port, path)
                #expect(answer.status == 404, "\(path)")
            }
            let post = try await HTTPExchange.send(.POST, port: server.port, "/")
            #expect(post.status == 404)
        }
    }

    @Test("counts no request for the page among those of clients")
    func isNotCounted() async throws {
        try await RunningServer.with { server in
            _ = try await HTTPExchange.send(port: server.port, "/")
            let page = try await server.metrics()
            #expect(!page.contains(#"route="/""#) && !page.contains("unmatched"))
        }
    }

    @Test("has nothing in its files that its policy forbids, or that is elsewhere")
    func keepsToItself() throws {
        for name in try names() {
            let text = try source(name)
            let words = [
                "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "http://",
                "https://",
            ]
            for word in words {
                let isNamespace = name == "icon.svg" && word == "http://"
                #expect(isNamespace || !text.contains(word), "\(name): \(word)")
            }
        }
        let html = try source("index.html")
        #expect(!html.contains("style=") && !html.contains(" onclick") && !html.contains("<style"))
    }
}
