/// How a check's place in its counters moves on, whatever it makes of the counts.
extension CheckProgress {
    /// The place after answers that cannot be counted.
    ///
    /// Only a first look moves it: whatever cannot be counted now is counted from the same place next time.
    func remembering(
        _ answers: [Measurement],
        after cause: Cause,
        at moment: JudgingMoment
    ) -> CheckProgress {
        guard cause == .firstLook || memories == nil, let seen = CounterMemories(answers) else { return self }
        var progress = self
        progress.memories = seen
        progress.through = moment.through
        return progress
    }

    /// The place after answers that were counted, the newest of whose samples was taken at `newest`.
    func counting(
        _ answers: [Measurement],
        newest: Timestamp?,
        at moment: JudgingMoment
    ) -> CheckProgress {
        var progress = self
        progress.through = moment.through
        progress.newestSample = newest ?? newestSample
        progress.knownSeries = answers.compactMap(\.outcome.reading?.seriesCount).max()
        progress.memories = CounterMemories(answers)
        return progress
    }
}
