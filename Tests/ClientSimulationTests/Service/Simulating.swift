import ClientSimulation
import Logging
import Testing

/// Runs clients against a scripted service for as long as the body takes.
func simulate(
    clients: Int = 1,
    against script: @escaping StubService.Script,
    _ body: (StubService) async throws -> Void
) async throws {
    let service = try await StubService.start(script)
    var logger = Logger(label: "clients") { _ in SwiftLogNoOpLogHandler() }
    logger.logLevel = .error
    let simulation = ClientSimulation(
        port: service.port,
        clients: clients,
        seed: 42,
        logger: logger,
        timings: .quick
    )
    try await withThrowingTaskGroup { tasks in
        tasks.addTask { try await simulation.run() }
        try await body(service)
        tasks.cancelAll()
        try await tasks.waitForAll()
    }
    try await eventually("every connection is closed") { service.openConnections == 0 }
    try await service.stop()
}

/// Waits until something is so, generously.
func eventually(
    _ what: Comment,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ isSo: () -> Bool
) async throws {
    let deadline = ContinuousClock.now + .seconds(120)
    while !isSo() {
        guard ContinuousClock.now < deadline else {
            Issue.record("never so: \(what)", sourceLocation: sourceLocation)
            return
        }
        try await Task.sleep(for: .milliseconds(10))
    }
}

extension Timings {
    /// Short where waiting is the point, endless where it would be a failure.
    static var quick: Timings {
        var timings = Timings()
        timings.startSpread = .milliseconds(20)
        timings.request = .seconds(60)
        timings.firstEvent = .seconds(60)
        timings.backoff.base = .milliseconds(20)
        timings.backoff.cap = .milliseconds(100)
        timings.backoff.floor = .milliseconds(5)
        return timings
    }
}

/// What the real service answers and streams.
enum Wire {
    /// By default nothing but the mode matters: no time ends within a test.
    static func assignment(
        _ mode: String,
        pollMs: Int = 600_000,
        hb: Int = 600_000,
        ttlMs: Int = 600_000
    ) -> StubService.Answer {
        .json(
            #"{"mode":"\#(mode)","bucket":1503,"percentage":25,"flagVersion":7,"reason":"rollout","#
                + #""pollMs":\#(pollMs),"hb":\#(hb),"ttlMs":\#(ttlMs)}"#
        )
    }

    static let list = StubService.Answer.json(
        #"{"epoch":"7f3a","seq":41,"sessions":[]}"#,
        etag: #""7f3a-41""#
    )

    static let snapshot = """
        retry: 3000

        id: 7f3a-41
        event: snapshot
        data: {"epoch":"7f3a","seq":41,"reason":"initial","sessions":[],"hb":15000,"retryMs":[500,3000]}


        """

    static func delta(_ prev: Int, _ seq: Int) -> String {
        "id: 7f3a-\(seq)\nevent: delta\ndata: {\"seq\":\(seq),\"prev\":\(prev),\"ops\":[]}\n\n"
    }

    static func control(_ type: String, afterMs: Int) -> String {
        "event: control\ndata: {\"type\":\"\(type)\",\"afterMs\":\(afterMs)}\n\n"
    }

    static let ping = "event: ping\ndata: {\"seq\":41}\n\n"
}
