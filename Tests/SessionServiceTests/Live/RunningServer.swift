import Assignment
import Glibc
import Logging
import ServiceLifecycle
import SessionService
import TidegateTestKit

/// A real server on a free port, for as long as a test's body runs.
struct RunningServer: Sendable {
    let port: Int
    private let group: ServiceGroup
    private let directory: TemporaryDirectory

    /// Runs a server and a body that uses it, then shuts the server down gracefully.
    ///
    /// - Parameters:
    ///   - percentage: What the flag file says; nil for no file.
    ///   - change: What else is chosen about the server.
    ///   - body: Given the server once it listens.
    /// - Throws: What the server or the body throws.
    static func with(
        percentage: Double? = 100,
        _ change: (inout ServiceSettings) -> Void = { _ in },
        _ body: @Sendable (RunningServer) async throws -> Void
    ) async throws {
        let directory = try TemporaryDirectory()
        if let percentage { try FlagFile.write(percentage, revision: 1, in: directory) }
        var settings = ServiceSettings()
        settings.port = 0
        settings.flagPath = directory.path(FlagFile.name)
        settings.flagInterval = .milliseconds(50)
        settings.reassignWithin = .milliseconds(200)
        settings.drainWithin = .milliseconds(50)
        change(&settings)
        let (ports, listening) = AsyncStream<Int>.makeStream()
        // What goes wrong on purpose in these tests is nobody's news.
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let server = try await SessionServer(settings, logger: logger) { listening.yield($0) }
        let group = ServiceGroup(configuration: .init(services: [server], logger: logger))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                defer { listening.finish() }
                try await group.run()
            }
            for await port in ports {
                try await body(RunningServer(port: port, group: group, directory: directory))
                break
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    /// Asks the server to end, without waiting for it.
    func shutDown() async {
        await group.triggerGracefulShutdown()
    }

    /// Replaces the flag file.
    func setFlag(_ percentage: Double, revision: Int) throws {
        try FlagFile.write(percentage, revision: revision, in: directory)
    }

    /// Replaces the flag file by any text.
    func setFlagFile(_ text: String) throws {
        try FlagFile.write(text, in: directory)
    }

    /// The text of the metrics page.
    func metrics() async throws -> String {
        try await HTTPExchange.send(port: port, "/metrics").body
    }

    /// Asks again and again until the metrics page has these lines.
    func waitForMetrics(_ lines: String...) async throws {
        try await eventually("\(lines)") {
            let page = try await metrics().split(separator: "\n")
            return lines.allSatisfy { page.contains($0[...]) }
        }
    }

    /// Asks again and again until a series has come so far; it may be further when the answer is read.
    func waitForMetric(_ series: String, atLeast least: Double) async throws {
        try await eventually("\(series) is \(least) or more") {
            let line = try await metrics().split(separator: "\n").first { $0.hasPrefix(series + " ") }
            return line.flatMap { Double($0.dropFirst(series.count + 1)) } ?? 0 >= least
        }
    }

    /// Names of clients under any flag between 1 % and 99 %: the first inside at 1 %, the others outside at 99 %.
    static let insider = name { $0 < 1_000 }
    static let outsider = name { $0 >= 99_000 }

    private static func name(_ isWanted: (UInt32) -> Bool) -> String {
        let assigner = Assigner(Allocation(enabled: true, percentage: .zero, salt: "sse", revision: 1))
        let names = (0...).lazy.map { "client-\($0)" }
        return names.first { isWanted(assigner.assign($0).bucket ?? 0) } ?? ""
    }
}

/// The file that the controller would write.
enum FlagFile {
    static let name = "flags.json"

    static func write(_ percentage: Double, revision: Int, in directory: TemporaryDirectory) throws {
        let rollout = #"{"percentage": \#(percentage), "salt": "sse", "revision": \#(revision)}"#
        try write(#"{"sse": {"enabled": \#(percentage > 0), "rollout": \#(rollout)}}"#, in: directory)
    }

    /// Puts the whole text in place at once, as the controller does.
    static func write(_ text: String, in directory: TemporaryDirectory) throws {
        try FileContents.write(text.utf8, to: directory.path("new"))
        guard rename(directory.path("new"), directory.path(name)) == 0 else {
            throw NeverHappened(what: "the flag file in its place: errno \(errno)")
        }
    }
}

/// A condition that did not come true.
struct NeverHappened: Error {
    var what: String
}

/// Asks again and again until a condition holds.
func eventually(
    _ what: @autoclosure () -> String,
    _ isTrue: () async throws -> Bool
) async throws {
    // Shorter than a test's connection lives: what its end brings about must not count.
    let deadline = ContinuousClock.now + .seconds(20)
    while try await !isTrue() {
        guard ContinuousClock.now < deadline else { throw NeverHappened(what: what()) }
        try await Task.sleep(for: .milliseconds(10))
    }
}
