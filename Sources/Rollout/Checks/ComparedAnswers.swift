import Analysis

/// What one interval says about both arms, read from the answers to a comparison's questions.
struct ComparedAnswers: Sendable, Equatable {
    var counts: ComparedCounts
    var newest: Timestamp?

    /// Reads the answers, asked about `through`.
    ///
    /// An arm without any series counts as nobody as long as the other has some: before the first client is treated
    /// there is no series of the treatment, and where it goes silent later the comparison sees that. An arm without a
    /// series of failures has none. Counts that cannot be are not counted.
    ///
    /// - Parameters:
    ///   - comparison: Whose arms.
    ///   - answers: To its questions.
    ///   - needsControl: Whether anybody is left without the treatment to compare with.
    ///   - since: Up to where the newest sample was counted.
    ///   - through: The moment asked about.
    /// - Returns: Both counts, or why there are none.
    static func counted(
        _ comparison: Comparison,
        in answers: [Measurement],
        needsControl: Bool,
        since: Timestamp,
        _ through: Timestamp
    ) -> Result<ComparedAnswers, ArmCounts.Unusable> {
        var counts: [ComparedArm: ArmReading] = [:]
        for arm in comparison.arms where arm == .treatment || needsControl {
            switch ArmReading.read(arm, in: answers, through: through) {
            case .failure(let unusable): return .failure(unusable)
            case .success(let reading): counts[arm] = reading
            }
        }
        let (treatment, control) = (counts[.treatment], counts[.control])
        let newest = [treatment?.newest, control?.newest].compactMap(\.self).max()
        guard treatment?.isThere == true || control?.isThere == true else {
            return .failure(ArmCounts.Unusable(cause: .noData, text: "no series matches either variant"))
        }
        if needsControl, control?.isThere != true {
            return .failure(ArmCounts.Unusable(cause: .noData, text: "no series of the control matches"))
        }
        if let newest, newest <= since {
            return .failure(
                ArmCounts.Unusable(cause: .unchanged, text: "no newer sample than at the last tick")
            )
        }
        let both = ComparedCounts(
            treatment: treatment?.count ?? ArmCount(),
            control: control?.count ?? ArmCount()
        )
        return .success(ComparedAnswers(counts: both, newest: newest))
    }
}

/// One arm's counts of an interval.
private struct ArmReading {
    var count = ArmCount()
    var newest: Timestamp?
    /// Whether there is a series of exposures at all.
    var isThere = false

    static func read(
        _ arm: ComparedArm,
        in answers: [Measurement],
        through: Timestamp
    ) -> Result<ArmReading, ArmCounts.Unusable> {
        func answer(_ role: MetricQuestion.Role) -> Measurement? {
            answers.first { $0.question.role == role }
        }
        func unusable(_ answer: Measurement) -> Result<ArmReading, ArmCounts.Unusable> {
            let failing = answer.outcome.failing(through: through) ?? (.noData, "no answer")
            let text = "\(answer.question.role.words): \(failing.text)"
            return .failure(ArmCounts.Unusable(cause: failing.cause, text: text))
        }
        let isSlowness = answer(.inTime(of: arm)) != nil
        guard let exposures = answer(.exposures(of: arm)),
            let part = answer(.inTime(of: arm)) ?? answer(.failures(of: arm))
        else {
            return .failure(ArmCounts.Unusable(cause: .noData, text: "the source left a question unanswered"))
        }
        guard case .value(let exposed) = exposures.outcome else {
            // Instances that died with the treatment leave old samples: beside a talking control that is silence.
            if arm == .treatment, case .stale = exposures.outcome,
                answer(.exposures(of: .control))?.outcome.reading != nil
            {
                return .success(ArmReading(isThere: true))
            }
            // The first look at exposures must not hide that the rest cannot be had at all.
            let isHidden = exposures.outcome == .firstLook && part.isUnusable
            guard exposures.outcome == .noData, !part.isUnusable else {
                return unusable(isHidden ? part : exposures)
            }
            return .success(ArmReading())
        }
        switch part.outcome {
        case .value(let counted):
            let failures = isSlowness ? exposed.value - counted.value : counted.value
            return consistent(failures, of: exposed, arm)
        // No failures series yet while exposures exist: a healthy service has no 5xx.
        case .noData where !isSlowness && Cause.noFailuresSeries.direction == .countsAsZero:
            return consistent(0, of: exposed, arm)
        default: return unusable(part)
        }
    }

    private static func consistent(
        _ failures: Double,
        of exposed: Reading,
        _ arm: ComparedArm
    ) -> Result<ArmReading, ArmCounts.Unusable> {
        let words = "\(arm): \(NumberText.count(failures)) failures of \(NumberText.count(exposed.value))"
        guard failures.isFinite, exposed.value.isFinite else {
            return .failure(ArmCounts.Unusable(cause: .notFinite, text: "a count is not finite: \(arm)"))
        }
        guard failures >= 0, exposed.value >= 0, failures <= exposed.value else {
            return .failure(ArmCounts.Unusable(cause: .inconsistent, text: words))
        }
        let count = ArmCount(exposures: exposed.value, failures: failures)
        return .success(ArmReading(count: count, newest: exposed.newestSample, isThere: true))
    }
}
