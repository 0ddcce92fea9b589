/// Why a client gets the whole list instead of what changed.
package enum SnapshotReason: String, Sendable, CaseIterable {
    /// The client is new.
    case initial
    /// The client was away for longer than the log remembers.
    case gap
    /// The client's cursor is of another run of the service.
    case epoch
    /// The client reads more slowly than the list changes.
    case lagged
}

/// What a stream tells its client besides sessions.
package struct StreamTerms: Sendable, Hashable {
    /// Milliseconds between two pings; a client that hears nothing for much longer reconnects.
    package var pingMilliseconds: Int
    /// Milliseconds a browser waits before it reconnects by itself, and the upper end of a client's first wait.
    package var retryMilliseconds: Int

    package init(pingMilliseconds: Int = 15_000, retryMilliseconds: Int = 3_000) {
        self.pingMilliseconds = pingMilliseconds
        self.retryMilliseconds = retryMilliseconds
    }
}
