package import Assignment

extension Policy {
    /// The questions that show, before anybody is exposed, that every check can be answered.
    package func trialQuestions(at now: Timestamp) -> [MetricQuestion] {
        checks.flatMap {
            $0.trialQuestions(window: trialWindow, through: now - metrics.lag, of: variants)
        }
    }

    /// What a trial looks at: as much as the first step will have been judged on when its bake is over.
    private var trialWindow: Span {
        let bake = steps.first?.bake ?? interval
        return interval * max(1, bake.milliseconds / max(1, interval.milliseconds))
    }

    /// Refuses a start whose evidence could not be had.
    ///
    /// No traffic yet is fine, and so is a service without a single failure. A selector that matches nothing
    /// is most likely misspelt; it is refused unless the caller knows that its series appear only later.
    ///
    /// - Throws: ``Refused`` naming the first question that cannot be answered.
    package func checkAnswerable(_ measurements: [Measurement], acceptingNoData: Bool) throws(Refused) {
        for measurement in measurements {
            let question = "check '\(measurement.question.check)' (\(measurement.question.role.words))"
            switch measurement.outcome {
            case .value, .firstLook, .noSignal: continue
            // The histogram is there, and has no such bucket.
            case .noData where measurement.isMissingBucket(among: measurements):
                throw Refused(
                    "\(question) does not exist",
                    hint: "let 'slowerThan' be one of the bounds (le) that the histogram has",
                    kind: .policy
                )
            // Nobody has failed yet, and nobody has the treatment yet.
            case .noData where measurement.question.role.mayBeMissingAtFirst: continue
            case .noData, .stale:
                if acceptingNoData { continue }
                throw Refused(
                    "\(question) finds no current data",
                    hint: "correct its selector, or pass '--accept-no-data' if its series appear only once "
                        + "clients have the treatment",
                    kind: .policy
                )
            case .notFinite, .ambiguous, .partial:
                throw Refused("\(question): \(measurement.text)", kind: .policy)
            case .unreachable:
                throw Refused("\(question): \(measurement.text)", kind: .unavailable)
            case .refused(let refusal, let message):
                throw Refused("\(question): \(message)", kind: refusal.kind)
            }
        }
    }
}

extension MetricQuestion.Role {
    /// Whether a healthy service has no such series before anybody has the treatment.
    fileprivate var mayBeMissingAtFirst: Bool {
        switch self {
        case .failures, .treatment, .treatmentFailures, .controlFailures, .treatmentExposures,
            .treatmentInTime:
            true
        case .exposures, .value, .control, .controlExposures, .controlInTime: false
        }
    }
}

extension Measurement {
    /// Whether this is about a bucket of a histogram whose observations are counted nevertheless.
    fileprivate func isMissingBucket(among others: [Measurement]) -> Bool {
        let arm = ComparedArm.allCases.first { question.role == .inTime(of: $0) }
        guard let arm else { return false }
        return others.contains { other in
            other.question.check == question.check && other.question.role == .exposures(of: arm)
                && other.outcome != .noData
        }
    }

    private var through: Timestamp {
        switch question.subject {
        case .count(_, _, let through): through
        case .value(_, let at, _): at
        }
    }

    /// Why there is no usable number, in words; empty for a value.
    package var text: String { outcome.failing(through: through)?.text ?? "" }
}

extension Refusal {
    fileprivate var kind: Refused.Kind {
        switch self {
        case .credentials: .permission
        case .request: .policy
        case .malformed: .unavailable
        }
    }
}

extension Policy {
    /// What `start` would publish first, in words; policies have at least one step.
    package var firstPercentage: String { steps.first.map { "\(exposure(of: $0))" } ?? "nothing" }

    /// The allocation that exposes nobody, older than any order, so that a target takes the revision after its
    /// own.
    package var disabled: Allocation {
        Allocation(enabled: false, percentage: .zero, salt: salt, algorithm: algorithm, revision: 0)
    }

    /// Refuses a start on a host whose clock is not the metrics server's.
    package func checkClock(_ serverClockAhead: Span?) throws(Refused) {
        guard let ahead = serverClockAhead, !RolloutState.tolerates(ahead) else { return }
        throw Refused(
            Reason.clockSkew(ahead).text,
            hint: "synchronise the clocks of both hosts",
            kind: .unavailable
        )
    }

    /// Judges the answers to ``trialQuestions(at:)`` as if the first step's bake had passed.
    package func judgedOnTrial(_ answers: [Measurement], at now: Timestamp) -> [Judgement] {
        let through = now - metrics.lag
        let moment = JudgingMoment(
            now: now,
            through: through,
            confirmedAt: through - trialWindow,
            settledAt: through - trialWindow
        )
        return checks.map { check in
            check.judged(
                CheckProgress(name: check.name, through: through - trialWindow),
                seeing: answers.filter { $0.question.check == check.name },
                at: moment
            )
        }
    }
}
