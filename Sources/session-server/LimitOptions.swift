import ArgumentParser
import SessionService

/// What one caller, and all together, may ask of the service.
struct LimitOptions: ParsableArguments {
    @Option(help: ArgumentHelp("How many streams are open at once.", valueName: "n"))
    var maxStreams = ServiceLimits().streams

    @Option(help: ArgumentHelp("How many of them are one caller's.", valueName: "n"))
    var maxStreamsPerClient = ServiceLimits().streamsPerCaller

    @Option(
        help: ArgumentHelp(
            "How many requests a caller may send within a client-minute, beside those below.",
            valueName: "n"
        )
    )
    var requestsPerMinute = ServiceLimits().requests

    @Option(
        help: ArgumentHelp(
            "How often a caller may ask for its assignment within a client-minute.",
            valueName: "n"
        )
    )
    var assignmentsPerMinute = ServiceLimits().assignments

    @Option(
        help: ArgumentHelp("How many streams a caller may open within a client-minute.", valueName: "n")
    )
    var streamOpeningsPerMinute = ServiceLimits().streamOpenings

    @Option(help: ArgumentHelp("How many streams all callers may open within a second.", valueName: "n"))
    var streamOpeningsPerSecond = ServiceLimits().streamOpeningsPerSecond

    func validate() throws {
        let limits = [
            ("--max-streams", maxStreams), ("--max-streams-per-client", maxStreamsPerClient),
            ("--requests-per-minute", requestsPerMinute), ("--assignments-per-minute", assignmentsPerMinute),
            ("--stream-openings-per-minute", streamOpeningsPerMinute),
            ("--stream-openings-per-second", streamOpeningsPerSecond),
        ]
        for (name, limit) in limits where !(1...1_000_000).contains(limit) {
            throw ValidationError("\(name) is \(limit), not a number from 1 to 1000000")
        }
    }

    /// What these options choose.
    ///
    /// - Parameter minute: How long a client-minute is.
    /// - Returns: The limits, per client-minute where they are per minute.
    func limits(per minute: Duration) -> ServiceLimits {
        var limits = ServiceLimits()
        limits.requests = requestsPerMinute
        limits.assignments = assignmentsPerMinute
        limits.streamOpenings = streamOpeningsPerMinute
        limits.streamOpeningsPerSecond = streamOpeningsPerSecond
        limits.streamsPerCaller = maxStreamsPerClient
        limits.streams = maxStreams
        limits.window = minute
        return limits
    }
}
