import NIOHTTP1

/// What went wrong, as a client sees it.
enum ClientFailure: Error, Equatable {
    /// No connection, or one that broke.
    case connection(String)
    /// No answer in time.
    case timeout
    /// An answer with this status.
    case status(Int)
    /// An answer with this status that says when to come back.
    case refused(Int, retryAfter: Duration)
    /// An answer that is not what it should be.
    case malformed(String)
    /// An update that does not follow the one before.
    case outOfOrder(String)
    /// A stream without any event for too long.
    case silent
    /// A stream that ended unasked.
    case ended
}

extension ClientFailure {
    /// The longest wait that is believed; a service that is gone for longer is asked all the same.
    private static let longestWait = 3_600

    /// The failure that an answer is.
    static func answer(_ status: Int, _ headers: HTTPHeaders) -> ClientFailure {
        guard [429, 503].contains(status), let text = headers.first(name: "retry-after"),
            let seconds = Int(text), seconds >= 0
        else { return .status(status) }
        return .refused(status, retryAfter: .seconds(min(seconds, longestWait)))
    }

    /// How long the service wants to be left alone.
    var retryAfter: Duration {
        if case .refused(_, let wait) = self { wait } else { .zero }
    }
}
