import Glibc
import StreamLoad

/// SIGTERM while many streams are open.
struct ShutdownRun {
    private static let streams = Options.few
    private static let drain = Duration.seconds(5)

    /// From the signal, in seconds.
    private let exit: Double
    private let controls: Latencies
    private let status: Int32

    init(_ subjects: Subjects) throws(LoadFailure) {
        let server = try subjects.startService(["--drain", "5s"])
        let fleet = try StreamFleet(port: server.port, streams: Self.streams)
        _ = try fleet.open()
        let began = Monotonic.now
        server.terminate()
        var ended: (status: Int32, at: UInt64)?
        try fleet.listen(for: .seconds(30)) { _ in
            ended = ended ?? server.waitStatus().map { ($0, Monotonic.now) }
            return ended != nil
        }
        guard let ended else {
            throw LoadFailure("the service is still alive 30 s after SIGTERM", hint: server.lastWords)
        }
        // What was written before the end may still have to be read.
        try fleet.listen(for: .seconds(1)) { $0.members.allSatisfy { $0.endedAt != nil } }
        exit = Double(ended.at - began) / 1e9
        status = ended.status
        controls = Latencies(fleet.members.compactMap { $0.controlAt.map { $0 - began } })
    }

    func table() -> Table {
        var table = Table("SIGTERM with \(Self.streams.grouped) streams, --drain 5s")
        table.add("until the process has ended", exit, "s", atMost: Self.drain.seconds + 1)
        table.add("exit status", Double(status >> 8 & 0xff), "", atMost: 0)
        table.add("streams told to come back", Double(controls.count), "", atLeast: Double(Self.streams))
        let spread = (controls.milliseconds(at: 0.95) - controls.milliseconds(at: 0.05)) / 1_000
        table.add("spread of the middle nine tenths", spread, "s", atLeast: Self.drain.seconds / 2)
        return table
    }
}
