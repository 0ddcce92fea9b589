import Assignment
import Hummingbird
import NIOCore

/// What is known about a request before its route runs.
struct ServiceContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel
    var client = ClientIdentity.anonymous
    /// What the client is assigned; nil where it has no name.
    var assigned: Assigned?
    /// Whose limits the request counts against: who has logged in, else the address it comes from.
    var caller: String
    /// Where the request comes from; nil outside the API.
    var source: RequestSource?
    /// What the request's login is worth.
    var standing = Standing.open
    /// When the caller's login ends; nil where nobody has to log in.
    var loginEnds: ContinuousClock.Instant?
    /// When the request arrived.
    let arrival = ContinuousClock.now

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
        caller = source.channel.remoteAddress?.ipAddress ?? "unknown"
    }
}
