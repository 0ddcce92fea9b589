import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import SessionService
import Testing
import TidegateTestKit

@testable import ClientSimulation

@Suite("The real session service, used by simulated clients", .ownThreads)
struct SessionServiceTests {
    private static let clients = 60

    private static var settings: ServiceSettings {
        var settings = ServiceSettings()
        settings.port = 0
        settings.environment = ["SSE_ENABLED": "true", "SSE_ROLLOUT_PERCENTAGE": "40"]
        settings.pollInterval = .milliseconds(500)
        settings.assignmentLifetime = .seconds(1)
        settings.clientMinute = .seconds(2)
        settings.limits.window = .seconds(2)
        // Every client comes from an address of its own.
        settings.trustedProxies = ["127.0.0.1"]
        settings.churn = 20
        settings.faults = FaultRatios(sse: 0, all: 0)
        return settings
    }

    @Test("sees every client, all of them content until streams fail, and content again afterwards")
    func usesService() async throws {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let (ports, listening) = AsyncStream<Int>.makeStream()
        let server = try await SessionServer(Self.settings, logger: logger) { listening.yield($0) }
        try await withThrowingTaskGroup { servers in
            servers.addTask { try? await server.run() }
            let port = try #require(await ports.first { _ in true })
            let simulation = ClientSimulation(
                port: port,
                clients: Self.clients,
                seed: 42,
                logger: logger,
                timings: .quick
            )
            try await withThrowingTaskGroup { tasks in
                tasks.addTask { try await simulation.run() }
                try await check(Operator(port: port))
                tasks.cancelAll()
                try await tasks.waitForAll()
            }
            servers.cancelAll()
        }
    }

    private func check(_ service: Operator) async throws {
        let failed = #"client_minutes_failed_total{flag="sse",variant="#
        let minutes = #"client_minutes_total{flag="sse",variant="#
        let known = #"session_clients{flag="sse",variant="#
        let streams = #"sse_active_connections{variant="sse"}"#

        var treated = 0.0
        try await service.eventually("all are there, and the treated ones stream") { page in
            treated = page[known + #""sse"}"#] ?? 0
            return treated + (page[known + #""polling"}"#] ?? 0) == Double(Self.clients)
                && page[streams] == treated && (page[minutes + #""sse"}"#] ?? 0) >= treated
        }
        // 40 % of 60 are 24, and four standard deviations are 15.
        #expect((9...39).contains(treated))
        let good = try await service.page()
        #expect(good[failed + #""sse"}"#] == 0 && good[failed + #""polling"}"#] == 0)
        #expect(!good.keys.contains { $0.hasPrefix("http_requests_total") && $0.contains(#"status="5"#) })

        try await service.inject(#"{"sse":1}"#)
        try await service.eventually("streams fail, and the clients say so") { page in
            page[streams] == 0 && (page[failed + #""sse"}"#] ?? 0) >= treated
        }
        #expect(try await service.page()[failed + #""polling"}"#] == 0)

        try await service.inject(#"{"sse":0}"#)
        try await service.eventually("everybody streams again") { $0[streams] == treated }
    }
}

/// Who looks at the service's metrics and breaks it on purpose.
private struct Operator {
    private let endpoint: ServiceEndpoint

    init(port: Int) {
        endpoint = ServiceEndpoint(port: port, group: MultiThreadedEventLoopGroup.singleton, timings: .quick)
    }

    /// The values on the page of metrics, by name and labels as they are written.
    func page() async throws -> [String: Double] {
        let connection = try await endpoint.connect()
        defer { connection.close() }
        let answer = try await connection.send(.GET, "/metrics")
        try #require(answer.status == 200)
        let lines = String(decoding: answer.body.readableBytesView, as: UTF8.self).split(separator: "\n")
        return lines.filter { !$0.hasPrefix("#") }.reduce(into: [:]) { page, line in
            guard let space = line.lastIndex(of: " ") else { return }
            page[String(line[..<space])] = Double(line[space...].dropFirst())
        }
    }

    func inject(_ faults: String) async throws {
        let connection = try await endpoint.connect()
        defer { connection.close() }
        try #require(try await connection.send(.PUT, "/api/faults", body: faults).status == 200)
    }

    /// Looks at the page until something is so, generously.
    func eventually(_ what: Comment, _ isSo: ([String: Double]) -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(120)
        while true {
            let page = try await page()
            if isSo(page) { return }
            guard ContinuousClock.now < deadline else {
                Issue.record("never so: \(what)\n\(page.filter { !$0.key.contains("_bucket") })")
                return
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }
}
