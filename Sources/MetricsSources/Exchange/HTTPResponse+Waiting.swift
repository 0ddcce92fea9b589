import HTTPTransport
import Rollout

extension HTTPResponse {
    /// What the server asked to wait, be it a number of seconds or a moment; nil when it asked for nothing.
    var retryAfter: Span? {
        guard let text = header("Retry-After") else { return nil }
        if let seconds = Int64(text) { return .seconds(seconds.clamped(0, 86_400)) }
        guard let moment = Timestamp(httpDate: text), let now = date else { return nil }
        return (moment - now).clamped(.zero, .hours(24))
    }

    /// The server's clock when it answered.
    var date: Timestamp? { header("Date").flatMap { Timestamp(httpDate: $0) } }
}

extension Int64 {
    fileprivate func clamped(_ lowest: Int64, _ highest: Int64) -> Int64 {
        Swift.min(Swift.max(self, lowest), highest)
    }
}
