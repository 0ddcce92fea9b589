package import Rollout

/// Answers questions about metrics.
///
/// Nothing here throws: a source that cannot answer says so in each measurement, because what an absent answer
/// means is for the core to decide.
package protocol MetricsSource: Sendable {
    /// Answers every question, in the order asked, within `deadline` of real time (retries included).
    ///
    /// - Parameters:
    ///   - questions: May be empty; then no server is contacted.
    ///   - deadline: How long the whole batch may take; what is unanswered by then is `unreachable`.
    /// - Returns: Exactly one measurement a question.
    func answer(_ questions: [MetricQuestion], deadline: Span) -> Answers

    /// Says what counters counted before a rollout, interval by interval, within `deadline` of real time.
    ///
    /// - Parameters:
    ///   - questions: May be empty; then no server is contacted.
    ///   - deadline: How long the whole batch may take; what is unanswered by then is unavailable.
    /// - Returns: Exactly one answer a question; a source that only knows the present has no history.
    func history(_ questions: [HistoryQuestion], deadline: Span) -> [HistoryAnswer]
}

/// A batch of measurements, and what the server's clock said when it gave them.
package struct Answers: Sendable, Equatable {
    package var measurements: [Measurement]
    /// How far the server's clock is ahead of this host's; nil where the source has no clock of its own.
    ///
    /// Resolution one second.
    package var serverClockAhead: Span?

    package init(measurements: [Measurement], serverClockAhead: Span? = nil) {
        self.measurements = measurements
        self.serverClockAhead = serverClockAhead
    }
}
