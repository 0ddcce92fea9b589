package import FoundationEssentials

/// Who may use the API.
protocol Access: Sendable {
    /// Who is asking, and until when that holds.
    ///
    /// - Parameters:
    ///   - token: What the request shows; nil where it shows nothing.
    ///   - now: When it is asked.
    /// - Returns: What the token is worth.
    func standing(of token: String?, at now: Date) -> Standing
}

/// What a request's token is worth.
package enum Standing: Sendable, Hashable {
    /// Nobody has to log in.
    case open
    case login(Login)
    /// The request shows nothing.
    case missing
    /// The token is nobody's.
    case wrong
    /// The token's time is over.
    case ended
}

/// Who has logged in.
package struct Login: Sendable, Hashable {
    package var subject: String
    /// When the login ends; nil for never.
    package var ends: Date?

    package init(subject: String, ends: Date? = nil) {
        self.subject = subject
        self.ends = ends
    }
}

/// Lets everybody in.
struct OpenAccess: Access {
    func standing(of token: String?, at now: Date) -> Standing { .open }
}
