/// The evidence half of a tick: what the checks say, and which clocks they start, stop or run out.
struct Judging: Sendable, Equatable {
    /// The state with this tick's evidence counted; phase and order untouched.
    var state: RolloutState
    /// Empty when no new interval was due.
    var judgements: [Judgement]
    /// Set when a rule demands a rollback.
    var rollback: RollbackCause?
    /// Set when a deadline whose action is a pause has passed.
    var pause: WaitingCause?
    /// Set when the clock went so far back that the step's evidence had to begin anew.
    var isRestarted = false

    /// Whether a new interval was looked at.
    var isNew: Bool { !judgements.isEmpty }
}

extension RolloutState {
    /// Judges every check on this tick's answers and keeps the clocks of holding.
    func judging(_ evidence: Evidence, at now: Timestamp) -> Judging {
        guard !wentBack(at: now) else { return restarting(at: now) }
        guard isDue(at: now), let moment = moment(at: now) else {
            return Judging(state: self, judgements: [])
        }
        let judgements = policy.checks.map { check in
            check.judged(
                progress.of(check, since: moment.confirmedAt),
                seeing: evidence.measurements.filter { $0.question.check == check.name },
                at: moment
            )
        }
        .sharingFalseAlarms(of: policy.checks, under: policy.comparisons)
        var state = self
        state.count(judgements, at: moment)
        state.keepClocks(judgements, at: now)
        var judging = Judging(state: state, judgements: judgements)
        if let breach = judgements.first(where: { $0.direction == .rollBackNow }) {
            judging.rollback = .breach(check: breach.check, finding: breach.text)
        }
        judging.run(out: state.expiredWaits(at: now), under: policy.deadlines)
        return judging
    }

    /// Begins the step's evidence and bake anew.
    ///
    /// Waiting for the clock to come back to where it was would leave the step unjudged for as long.
    private func restarting(at now: Timestamp) -> Judging {
        var state = self
        state.progress = beginning(at: now, after: progress)
        state.progress.isBakeWaived = progress.isBakeWaived
        for cause in WaitingCause.allCases { state.waits[cause] = waits[cause].map { min($0, now) } }
        return Judging(state: state, judgements: [], isRestarted: true)
    }

    /// Adds this tick to the step: its time to the bake, its verdicts to the judged ticks.
    ///
    /// A blind tick adds no bake: time without evidence is not time the new exposure was seen to be healthy.
    /// Nor does a paused one, so that a rollout resumes where it stood.
    private mutating func count(_ judgements: [Judgement], at moment: JudgingMoment) {
        let settledAt = moment.confirmedAt + policy.settle
        let previous = max(progress.lastTickAt ?? settledAt, settledAt)
        let isBlind = judgements.contains { $0.cause.isBlind || $0.cause == .firstLook }
        if case .progressing = phase, !isBlind {
            progress.baked += (moment.now - previous).clamped(.zero, policy.interval * 2)
        }
        let began = progress.checks.map(\.through).min() ?? moment.through
        if began >= settledAt, judgements.allSatisfy({ $0.direction == .mayAdvance }) {
            progress.judgedTicks += 1
        }
        progress.lastTickAt = moment.now
        progress.checks = judgements.map(\.progress)
    }

    private mutating func keepClocks(_ judgements: [Judgement], at now: Timestamp) {
        // An answer without a newer sample, or without anything to count from, says nothing: it neither starts a
        // clock nor stops one.
        let isSilent = judgements.contains { $0.cause == .unchanged || $0.cause == .firstLook }
        for cause in WaitingCause.allCases {
            if judgements.contains(where: { $0.direction == .holds(cause) }) {
                waits[cause] = waits[cause].map { min($0, now) } ?? now
            } else if !isSilent {
                waits[cause] = nil
            }
        }
    }

    private func expiredWaits(at now: Timestamp) -> [WaitingCause] {
        WaitingCause.allCases.filter { cause in
            waits[cause].map { now - $0 >= policy.deadlines[cause].after } ?? false
        }
    }
}

extension Judging {
    /// Applies the actions of deadlines that have passed; a rollback already found stands.
    fileprivate mutating func run(out expired: [WaitingCause], under deadlines: Deadlines) {
        for cause in expired {
            switch deadlines[cause].action {
            case .rollback: rollback = rollback ?? (cause == .blind ? .blind : .deadline(cause))
            case .pause: pause = pause ?? cause
            }
        }
    }
}

extension Deadlines {
    /// The deadline of one cause of holding.
    package subscript(cause: WaitingCause) -> Deadline {
        switch cause {
        case .blind: blind
        case .undecided: undecided
        case .tooFewSamples: tooFewSamples
        case .noTraffic: noTraffic
        }
    }
}
