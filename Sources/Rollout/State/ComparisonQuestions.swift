import Analysis

extension Comparison {
    /// The counters of one arm: what each counts, and what selects it.
    package func counters(of arm: ComparedArm, _ variants: Variants) -> [(MetricQuestion.Role, String)] {
        let variant = arm == .treatment ? variants.treatment : variants.control
        func own(_ selector: String) -> String { selector.replacing(Split.variantWord, with: variant) }
        switch measure {
        case .failures(let selector, let exposures):
            return [(.failures(of: arm), own(selector)), (.exposures(of: arm), own(exposures))]
        case .slow(let histogram, let bound):
            let series = Histogram(own(histogram))
            return [(.inTime(of: arm), series.bucket(of: bound)), (.exposures(of: arm), series.count)]
        }
    }

    /// The arms that are counted.
    package var arms: [ComparedArm] { hasControl ? ComparedArm.allCases : [.treatment] }

    /// What both arms counted in an interval.
    func questions(
        _ check: String,
        of variants: Variants,
        from: Timestamp,
        through: Timestamp,
        after progress: CheckProgress? = nil
    ) -> [MetricQuestion] {
        arms.flatMap { counters(of: $0, variants) }
            .map { role, selector in
                MetricQuestion(
                    check: check,
                    role: role,
                    subject: .count(selector: selector, from: from, through: through),
                    knownSeries: progress?.knownSeries,
                    memory: progress?.memories?[role]
                )
            }
    }
}

extension Policy {
    /// How far back a start looks to learn how bursty failures are.
    package static let longestHistory = Span.hours(24)
    /// More intervals teach little, and cost the metrics server much.
    private static let mostIntervals: Int64 = 1_440

    /// The questions about what the control of every comparison counted before a start at `now`.
    package func historyQuestions(at now: Timestamp) -> [HistoryQuestion] {
        let wanted = Self.longestHistory.milliseconds / max(1, interval.milliseconds)
        let count = min(max(1, wanted), Self.mostIntervals)
        let from = now - metrics.lag - interval * count
        return comparisonChecks.flatMap { name, comparison in
            comparison.counters(of: comparison.hasControl ? .control : .treatment, variants)
                .map { role, selector in
                    HistoryQuestion(
                        check: name,
                        role: role,
                        selector: selector,
                        from: from,
                        interval: interval,
                        count: Int(count)
                    )
                }
        }
    }

    /// What the answers say about each comparison, by the checks' names.
    package func histories(
        _ answers: [(question: HistoryQuestion, answer: HistoryAnswer)]
    ) -> [String: ControlHistory] {
        comparisonChecks.reduce(into: [:]) { histories, check in
            let own = answers.filter { $0.question.check == check.name }
            for case (_, .unavailable(let why)) in own {
                histories[check.name] = ControlHistory(missing: why, interval: interval)
                return
            }
            func counts(_ roles: [MetricQuestion.Role]) -> [Double]? {
                for (question, answer) in own where roles.contains(question.role) {
                    if case .counts(let counts) = answer { return counts }
                }
                return nil
            }
            guard let exposures = counts([.treatmentExposures, .controlExposures]) else { return }
            let failures = counts([.treatmentFailures, .controlFailures])
            let inTime = counts([.treatmentInTime, .controlInTime])
            let failed = failures ?? inTime.map { zip(exposures, $0).map { $0 - $1 } }
            guard let failed, failed.count == exposures.count else { return }
            histories[check.name] = ControlHistory(
                // More failures than exposures happen at the edges of a server's grid: clipped, it is history only.
                intervals: zip(exposures, failed)
                    .map { ArmCount(exposures: $0, failures: min(max($1, 0), $0)) },
                interval: interval
            )
        }
    }
}
