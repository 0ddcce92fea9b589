package import Analysis

extension Check {
    /// Judges how many clients have the treatment against the share that is published.
    ///
    /// Adds up since the readers of the flag have settled. By a test that may be asked after every interval, and on
    /// clients: what comes from counting the same ones again is divided out. A mismatch uses its evidence up, so that
    /// the next interval is judged by itself and the hold ends with its cause.
    func judged(
        _ split: Split,
        _ progress: CheckProgress,
        seeing answers: [Measurement],
        at moment: JudgingMoment
    ) -> Judgement {
        var progress = progress
        let fresh: ArmCounts
        switch ArmCounts.counted(
            in: answers,
            since: progress.newestSample ?? progress.through,
            moment.through
        ) {
        case .failure(let unusable):
            let seen = progress.remembering(answers, after: unusable.cause, at: moment)
            return concluding(unusable.cause, seen, at: moment, reason: unusable.text)
        case .success(let counts):
            fresh = counts
        }
        let interval = moment.through - progress.through
        let began = split.measure.looksAtInstants ? fresh.newest ?? moment.through : progress.through
        progress = progress.counting(answers, newest: fresh.newest, at: moment)
        guard let share = moment.share else {
            return concluding(.notDue, progress, at: moment, reason: "nothing is published yet")
        }
        guard began >= moment.settledAt + split.measure.memory else {
            return concluding(.notDue, progress, at: moment, reason: "clients may still be switching")
        }
        guard fresh.treatment + fresh.control > 0 else {
            return concluding(.noTraffic, progress, at: moment, reason: "no clients")
        }
        var tally = progress.split ?? SplitTally()
        tally.treatment += fresh.treatment
        tally.control += fresh.control
        tally.looks += split.measure.looks(in: interval)
        progress.split = tally
        return judged(split, progress, tally.ratio(expecting: share), at: moment)
    }

    private func judged(
        _ split: Split,
        _ progress: CheckProgress,
        _ ratio: SampleRatio,
        at moment: JudgingMoment
    ) -> Judgement {
        let observed = ratio.observedShare ?? 0
        func conclude(_ cause: Cause, _ progress: CheckProgress, _ words: String) -> Judgement {
            let shares =
                "\(NumberText.percent(observed)) of \(NumberText.count(ratio.total)) clients have the treatment"
            return concluding(
                cause,
                progress,
                at: moment,
                value: observed,
                samples: ratio.total,
                reason: "\(shares), \(words)"
            )
        }
        let published = "\(NumberText.percent(ratio.expectedShare, places: 3)) is published"
        guard ratio.total >= Double(split.minimumSamples) else {
            let needed = NumberText.count(Double(split.minimumSamples))
            return conclude(.tooFewSamples, progress, "\(published); at least \(needed) clients are needed")
        }
        if ratio.sequentialPValue <= SampleRatio.mismatchPValue, ratio.difference.magnitude >= split.tolerance
        {
            var progress = progress
            progress.split = nil
            return conclude(.splitMismatch, progress, "but \(published)")
        }
        guard ratio.goodnessOfFit.isLargeEnough else {
            return conclude(.tooFewSamples, progress, "\(published); so few clients cannot tell")
        }
        return conclude(.healthy, progress, published)
    }
}

extension SplitTally {
    /// The clients that were there on average, beside the share that is published.
    package func ratio(expecting share: Double) -> SampleRatio {
        let looks = max(1, looks)
        return SampleRatio(treatment: treatment / looks, control: control / looks, expectedShare: share)
    }
}

extension SplitMeasure {
    fileprivate var looksAtInstants: Bool {
        switch self {
        case .clients: true
        case .exposures, .firstExposures: false
        }
    }
}

/// What one interval, or one moment, says about both arms.
package struct ArmCounts: Sendable, Equatable {
    package var treatment: Double
    package var control: Double
    package var newest: Timestamp?

    /// Why there are no counts.
    package struct Unusable: Error, Equatable {
        package var cause: Cause
        package var text: String
    }

    /// Reads the answers to the questions about both arms, asked about `through`.
    ///
    /// An arm without any series counts as nobody as long as the other has some: before the first client is treated
    /// there is no series of the treatment, and where it goes silent later that is a mismatch.
    package static func counted(in answers: [Measurement], since: Timestamp, _ through: Timestamp)
        -> Result<ArmCounts, Unusable>
    {
        guard
            let treatment = answers.first(where: { $0.question.role == .treatment }),
            let control = answers.first(where: { $0.question.role == .control })
        else {
            return .failure(Unusable(cause: .noData, text: "the source left a question unanswered"))
        }
        for answer in [treatment, control] where answer.outcome != .noData {
            guard let failing = answer.outcome.failing(through: through) else { continue }
            let text = "\(answer.question.role.rawValue): \(failing.text)"
            return .failure(Unusable(cause: failing.cause, text: text))
        }
        let readings = [treatment, control].compactMap(\.outcome.reading)
        guard !readings.isEmpty else {
            return .failure(Unusable(cause: .noData, text: "no series matches either variant"))
        }
        let newest = readings.compactMap(\.newestSample).max()
        let counts = ArmCounts(
            treatment: treatment.outcome.reading?.value ?? 0,
            control: control.outcome.reading?.value ?? 0,
            newest: newest
        )
        let words = "\(counts.treatment) and \(counts.control) clients"
        guard counts.treatment.isFinite, counts.control.isFinite else {
            return .failure(Unusable(cause: .notFinite, text: "a count is not finite: \(words)"))
        }
        guard counts.treatment >= 0, counts.control >= 0 else {
            return .failure(Unusable(cause: .inconsistent, text: "a count is negative: \(words)"))
        }
        if let newest, newest <= since {
            return .failure(Unusable(cause: .unchanged, text: "no newer sample than at the last tick"))
        }
        return .success(counts)
    }
}
