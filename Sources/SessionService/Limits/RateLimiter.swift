/// At most so many events of each key within any window that ends now.
///
/// A sliding log: it remembers when each admitted event was. A fixed window would pass twice the limit around its
/// end, and a bucket that refills would within its first window.
///
/// A value: time comes in as the time since any fixed moment, and never goes back.
package struct RateLimiter: Sendable {
    package enum Verdict: Sendable, Hashable {
        case admitted
        /// Too many; the next is admitted after so long.
        case refused(retryAfter: Duration)
    }

    private let limit: Int
    private let window: Duration
    /// How many keys one generation holds.
    private let generation: Int
    /// Keys used since the generations last changed, and those that were used before that.
    private var recent: [String: AdmissionLog] = [:]
    private var earlier: [String: AdmissionLog] = [:]

    /// A limiter that has seen nothing.
    ///
    /// - Parameters:
    ///   - limit: How many events of one key are admitted within a window; at least 1.
    ///   - window: How long a window is.
    ///   - capacity: How many keys are remembered at most; a key is forgotten only after half as many others have
    ///     been used since.
    package init(limit: Int, window: Duration, capacity: Int = 10_000) {
        self.limit = max(1, limit)
        self.window = window
        generation = max(1, capacity / 2)
    }

    /// Decides about one event; a refused one does not count.
    ///
    /// - Parameters:
    ///   - key: Whose event it is.
    ///   - now: When.
    /// - Returns: Whether it is admitted.
    package mutating func admit(_ key: String, at now: Duration) -> Verdict {
        makeRecent(key)
        return recent[key, default: AdmissionLog()].admit(now, limit: limit, within: window)
    }

    /// How long a key has to wait until an event of it is admitted; nil where one would be now.
    package func wait(for key: String, at now: Duration) -> Duration? {
        guard var log = recent[key] ?? earlier[key] else { return nil }
        log.forget(upTo: now - window)
        guard let oldest = log.oldest, log.count >= limit else { return nil }
        return oldest + window - now
    }

    /// How many keys are remembered.
    package var keyCount: Int { recent.count + earlier.count }

    /// Moves a key to the generation that is kept longest, its log with it and not copied.
    private mutating func makeRecent(_ key: String) {
        guard recent[key] == nil else { return }
        let log = earlier.removeValue(forKey: key)
        if recent.count == generation {
            earlier = recent
            recent = [:]
        }
        recent[key] = log
    }
}

/// When the admitted events of one key were, oldest first.
private struct AdmissionLog: Sendable {
    private var times: [Duration] = []
    /// Where the window begins; what is before it is dropped once it is half of the log.
    private var start = 0

    var count: Int { times.count - start }

    var oldest: Duration? { start < times.count ? times[start] : nil }

    mutating func admit(_ now: Duration, limit: Int, within window: Duration) -> RateLimiter.Verdict {
        forget(upTo: now - window)
        if let oldest, count >= limit { return .refused(retryAfter: oldest + window - now) }
        times.append(now)
        return .admitted
    }

    mutating func forget(upTo limit: Duration) {
        while start < times.count, times[start] <= limit { start += 1 }
        if start > 0, start * 2 >= times.count {
            times.removeFirst(start)
            start = 0
        }
    }
}
