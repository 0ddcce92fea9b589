import ArgumentParser
import SessionService

/// How the service itself behaves.
struct ServerOptions: ParsableArguments {
    @Option(help: "The address to listen on.")
    var host = "127.0.0.1"

    @Option(help: "The port to listen on; 0 takes any free one.")
    var port = 8_080

    @Option(
        help: ArgumentHelp(
            "The flag file; it may appear later and is read again when it changes.",
            valueName: "file"
        )
    )
    var flags: String?

    @Option(help: ArgumentHelp("How often the flag file is looked at.", valueName: "duration"))
    var flagPoll = DurationArgument(.seconds(1))

    @Option(help: "The flag's name in the file, in the environment and in metrics.")
    var flag = "sse"

    @Option(help: ArgumentHelp("What metrics call the clients with the flag.", valueName: "name"))
    var treatment = "sse"

    @Option(help: ArgumentHelp("What metrics call the clients without it.", valueName: "name"))
    var control = "polling"

    @Option(help: ArgumentHelp("How long a client-minute is.", valueName: "duration"))
    var clientMinute = DurationArgument(.seconds(60))

    @Option(help: ArgumentHelp("Between two pings on a stream.", valueName: "duration"))
    var ping = DurationArgument(.seconds(15))

    @Option(help: ArgumentHelp("How often a polling client is told to ask.", valueName: "duration"))
    var poll = DurationArgument(.seconds(10))

    @Option(help: ArgumentHelp("How long a client is told to trust its assignment.", valueName: "duration"))
    var ttl = DurationArgument(.seconds(60))

    @Option(
        help: ArgumentHelp(
            "How long a client is told to wait for the first event of a stream.",
            valueName: "duration"
        )
    )
    var firstEvent = DurationArgument(.seconds(10))

    @Option(
        help: ArgumentHelp(
            "When a client that polls because streams failed tries one again; doubles up to ten times that.",
            valueName: "duration"
        )
    )
    var probe = DurationArgument(.seconds(60))

    @Option(
        help: ArgumentHelp(
            "How long a page may be hidden before it lets its stream go.",
            valueName: "duration"
        )
    )
    var suspend = DurationArgument(.seconds(30))

    @Option(
        help: ArgumentHelp(
            "Over how long clients leave their streams when the flag is lowered.",
            valueName: "duration"
        )
    )
    var reassignWithin = DurationArgument(.seconds(10))

    @Option(
        help: ArgumentHelp(
            "Over how long streams end when the process is asked to end.",
            valueName: "duration"
        )
    )
    var drain = DurationArgument(.seconds(5))

    func validate() throws {
        guard (0...65_535).contains(port) else {
            throw ValidationError("--port is \(port), not a number from 0 to 65535")
        }
        for (name, text) in [("--flag", flag), ("--treatment", treatment), ("--control", control)]
        where text.isEmpty {
            throw ValidationError("\(name) is empty")
        }
        guard treatment != control else {
            throw ValidationError("--treatment and --control are both '\(control)'")
        }
        let intervals = [
            ("--flag-poll", flagPoll), ("--client-minute", clientMinute), ("--ping", ping), ("--poll", poll),
            ("--ttl", ttl), ("--first-event", firstEvent), ("--probe", probe), ("--suspend", suspend),
        ]
        for (name, interval) in intervals where interval.duration == .zero {
            throw ValidationError("\(name) is 0")
        }
        // The grace of a shutdown is bounded by the process's own limit.
        guard drain.duration <= .seconds(8) else { throw ValidationError("--drain is longer than 8s") }
    }

    /// What these options choose.
    var settings: ServiceSettings {
        var settings = ServiceSettings()
        settings.host = host
        settings.port = port
        settings.flag = flag
        settings.names = VariantNames(treatment: treatment, control: control)
        settings.flagPath = flags
        settings.flagInterval = flagPoll.duration
        settings.clientMinute = clientMinute.duration
        settings.pingInterval = ping.duration
        settings.pollInterval = poll.duration
        settings.assignmentLifetime = ttl.duration
        settings.firstEventWithin = firstEvent.duration
        settings.probeInterval = probe.duration
        settings.suspendAfter = suspend.duration
        settings.reassignWithin = reassignWithin.duration
        settings.drainWithin = drain.duration
        return settings
    }
}
