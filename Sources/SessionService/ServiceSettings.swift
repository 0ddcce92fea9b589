/// Everything that can be chosen about one run of the service.
package struct ServiceSettings: Sendable, Hashable {
    package var host = "127.0.0.1"
    /// 0 takes any free port.
    package var port = 8_080
    /// Decides all that is random and repeatable: made-up sessions and injected faults.
    package var seed: UInt64 = 1

    package var flag = "sse"
    package var names = VariantNames()
    /// The controller's `json` file; nil for the environment alone.
    package var flagPath: String?
    /// How often the flag file is looked at.
    package var flagInterval = Duration.seconds(1)
    /// What says the flag where the file does not.
    package var environment: [String: String] = [:]

    /// Between two pings on a stream.
    package var pingInterval = Duration.seconds(15)
    /// How often a polling client should ask.
    package var pollInterval = Duration.seconds(10)
    /// How long a client should trust its assignment.
    package var assignmentLifetime = Duration.seconds(60)
    /// How long a client should wait for the first event of a stream.
    package var firstEventWithin = Duration.seconds(10)
    /// Between two attempts at a stream of a client that polls because streams failed; doubles up to ten times that.
    package var probeInterval = Duration.seconds(60)
    /// How long a page may be hidden before it should let its stream go.
    package var suspendAfter = Duration.seconds(30)
    /// The longest a client outside a lowered flag keeps its stream.
    package var reassignWithin = Duration.seconds(10)
    /// The longest a stream lives; the shortest is four fifths of it.
    package var streamLifetime = Duration.seconds(15 * 60)
    /// How long a client may read nothing before its stream is closed.
    package var stallLimit = Duration.seconds(30)
    /// Over how long the ends of all streams are spread when the process is asked to end.
    package var drainWithin = Duration.seconds(5)

    package var limits = ServiceLimits()
    /// How long a connection may wait for a request; a vanished client would keep it for ever.
    package var idleLimit = Duration.seconds(75)
    /// Proxies whose `X-Forwarded-For` is believed, as addresses or in CIDR notation.
    package var trustedProxies: [String] = []
    /// Names under which the service may be asked for, beside addresses and `localhost`.
    package var allowedHosts: [String] = []
    /// Other origins whose pages may use the API, such as `https://example.org`.
    package var allowedOrigins: [String] = []
    /// A file of tokens; nil lets everybody in.
    package var tokensPath: String?
    /// The folder that clients may browse; nil for none.
    package var browsedFolder: String?

    /// How long a client-minute is; demonstrations shorten it.
    package var clientMinute = Duration.seconds(60)
    /// How many sessions there are to begin with.
    package var sessions = 5
    /// Changes of sessions a second.
    package var churn = 0.0
    /// What fails to begin with; nil when faults cannot be injected.
    package var faults: FaultRatios?

    package init() {}
}
