import FoundationEssentials
import HTTPTypes
import Hummingbird
import Synchronization

/// Finds out who sends a request, and lets nobody guess tokens for long.
final class Logins: Sendable {
    /// How many wrong tokens an address may show within a window; after that, good ones are not looked at either.
    static let mostFailures = 10
    /// The page's login: the token itself, so that a login outlives this process and ends with the token.
    static let cookie = "login"
    static let ticketParameter: Substring = "ticket"
    /// Longer tokens are nobody's.
    static let longestToken = 1_024

    let access: any Access
    private let failures: Mutex<RateLimiter>
    private let tickets = Mutex(Tickets())
    private let start = ContinuousClock.now

    init(_ access: any Access, window: Duration) {
        self.access = access
        failures = Mutex(RateLimiter(limit: Self.mostFailures, window: window))
    }

    /// What a request's own login is worth.
    ///
    /// A ticket counts for streams only, and is spent by looking at it.
    ///
    /// - Throws: A ``Problem`` of status 429 where its address has shown too many wrong tokens.
    func standing(of request: Request, from source: RequestSource) throws(Problem) -> Standing {
        if request.uri.path == Route.stream,
            let ticket = request.uri.queryParameters[Self.ticketParameter]
        {
            return tickets.withLock { $0.redeem(String(ticket), at: Date()) }
        }
        return try standing(of: Self.token(of: request), from: source)
    }

    /// What a token is worth.
    ///
    /// - Throws: A ``Problem`` of status 429 where its address has shown too many wrong tokens.
    func standing(of token: String?, from source: RequestSource) throws(Problem) -> Standing {
        let standing = access.standing(of: token, at: Date())
        // A good token is let in whatever others behind the same address have tried.
        guard standing == .wrong else { return standing }
        let now = start.duration(to: .now)
        if case .refused(let wait) = failures.withLock({ $0.admit(source.key, at: now) }) {
            throw .limited("too many wrong tokens came from your address", retryAfter: wait)
        }
        return standing
    }

    /// A ticket for one stream; nil where too many are out.
    func ticket(for standing: Standing) -> String? {
        tickets.withLock { $0.issue(standing, at: Date()) }
    }

    /// The token in a request's `Authorization` header.
    static func bearer(of request: Request) -> String? {
        let words = (request.headers[.authorization] ?? "").split(separator: " ", maxSplits: 1)
        guard words.count == 2, words[0].lowercased() == "bearer" else { return nil }
        return String(words[1].prefix(longestToken))
    }

    /// The token a request shows: in its header, else in its cookie.
    private static func token(of request: Request) -> String? {
        if let token = bearer(of: request) { return token }
        guard let cookie = request.cookies[cookie]?.value, cookie.utf8.count <= longestToken * 2 else {
            return nil
        }
        return Data(base64Encoded: cookie).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The cookie of a login.
    static func cookie(token: String, login: Login, isSecure: Bool) -> Cookie {
        Cookie(
            name: cookie,
            value: Data(token.utf8).base64EncodedString(),
            maxAge: login.ends.map { max(0, Int($0.timeIntervalSinceNow)) },
            path: "/",
            secure: isSecure,
            httpOnly: true,
            sameSite: .lax
        )
    }

    /// What takes that cookie away again.
    static let noCookie = Cookie(
        name: cookie,
        value: "",
        maxAge: 0,
        path: "/",
        httpOnly: true,
        sameSite: .lax
    )
}

extension Login {
    /// Whose limits requests of this login count against; no address has a space.
    var caller: String { Self.callerPrefix + subject }

    /// Whose login a caller is; nil for an address.
    static func subject(ofCaller caller: String) -> String? {
        caller.hasPrefix(callerPrefix) ? String(caller.dropFirst(callerPrefix.count)) : nil
    }

    private static let callerPrefix = "login "

    /// When the login ends, for what waits for it.
    var endsInstant: ContinuousClock.Instant? {
        ends.map { .now + .seconds(max(0, $0.timeIntervalSinceNow)) }
    }
}
