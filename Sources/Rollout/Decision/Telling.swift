extension Transition {
    /// How often the same need is told again.
    private static let reminder = Span.hours(1)

    /// This transition with what a person is told kept in its state, and whether to tell it now.
    ///
    /// A need is told when it arises and once an hour while it lasts: cron mails what is printed. A tick that
    /// looked at nothing new neither tells nor forgets.
    package func telling(at now: Timestamp) -> (transition: Transition, tells: Bool) {
        var told = self
        guard let need else {
            if decision != .nothingNew { told.state.attention = nil }
            return (told, false)
        }
        // Measured both ways: after the clock was set back, a need must not stay untold until it catches up.
        if let attention = state.attention, attention.key == need.key,
            max(now - attention.toldAt, attention.toldAt - now) < Self.reminder
        {
            return (self, false)
        }
        told.state.attention = Attention(key: need.key, toldAt: now)
        return (told, true)
    }
}
