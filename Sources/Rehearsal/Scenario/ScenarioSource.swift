import Assignment
import Rollout
import Stepping

/// Answers a policy's questions from a simulated service, as far as the scenario lets it.
struct ScenarioSource: MetricsSource {
    private let conditions: Conditions
    private let service: Service
    private let clock: VirtualClock
    private let seed: UInt64
    /// The arms that the policy's selectors count, which are the same in every tick.
    private let arms: [String: Arm]

    init(_ service: Service, under conditions: Conditions, clock: VirtualClock, seed: UInt64) {
        self.conditions = conditions
        self.service = service
        self.clock = clock
        self.seed = seed
        arms = conditions.policy.countedArms
    }

    func history(_ questions: [HistoryQuestion], deadline: Span) -> [HistoryAnswer] {
        switch conditions.policy.metrics {
        // As a real page: the rehearsal takes as long as the rollout will.
        case .scrape: questions.map { _ in .unavailable("a page has no history") }
        case .prometheus: counted(questions)
        }
    }

    /// What the same past shows to each question.
    private func counted(_ questions: [HistoryQuestion]) -> [HistoryAnswer] {
        let cuts = Set(questions.map(\.cut))
        let pasts = Dictionary(uniqueKeysWithValues: cuts.map { ($0, conditions.past($0, seed: seed)) })
        return questions.map { question in
            .counts((pasts[question.cut] ?? []).map { Double($0.count(as: question.role)) })
        }
    }

    func answer(_ questions: [MetricQuestion], deadline: Span) -> Answers {
        let silence = conditions.silence(at: clock.now())
        let measurements = questions.map { question in
            Measurement(question: question, outcome: silence ?? outcome(of: question))
        }
        return Answers(measurements: measurements, serverClockAhead: .zero)
    }

    private func outcome(of question: MetricQuestion) -> Outcome {
        if let clients = clients(asked: question) { return clients }
        switch question.subject {
        case .count(let selector, let from, let through):
            let arm = arms[selector] ?? Arm(selector: selector, conditions.policy.variants)
            let before = service.counts(of: arm, at: from).count(as: question.role)
            let after = service.counts(of: arm, at: through).count(as: question.role)
            return .value(Reading(value: Double(after - before), newestSample: through))
        case .value(_, let moment, _):
            return value(for: question.check, at: moment)
        }
    }

    /// How many clients an arm has, where that is the question: exactly the published share.
    private func clients(asked question: MetricQuestion) -> Outcome? {
        guard [.treatment, .control].contains(question.role),
            case .split(let split) = conditions.policy.checks.first(where: { $0.name == question.check })?
                .rule
        else { return nil }
        let (moment, looks) =
            switch question.subject {
            case .value(_, let at, _): (at, 1.0)
            case .count(_, let from, let through): (through, split.measure.looks(in: through - from))
            }
        let treated = service.share(at: moment).percent / 100
        let clients = conditions.requestsPerSecond(at: moment) * Self.secondsBetweenRequests
        let share = question.role == .treatment ? treated : 1 - treated
        let count = (clients * share * max(1, looks)).rounded()
        return .value(Reading(value: count, newestSample: moment))
    }

    /// A client is taken to send a request a minute.
    private static let secondsBetweenRequests = 60.0

    private func value(for check: String, at moment: Timestamp) -> Outcome {
        guard let index = conditions.policy.checks.firstIndex(where: { $0.name == check }),
            case .query(let query) = conditions.policy.checks[index].rule
        else { return .noData }
        guard conditions.requestsPerSecond(at: moment) > 0 else { return .noSignal }
        // The same noise for the same question, in whatever order questions are asked.
        var mixed = SplitMix64(seed: seed ^ UInt64(index + 1) << 48)
        var random = SplitMix64(seed: mixed.next() ^ UInt64(bitPattern: moment.millisecondsSinceEpoch))
        let share = service.share(at: moment)
        let value = conditions.value(of: query, exposing: share, at: moment, &random)
        return .value(Reading(value: value, newestSample: moment))
    }
}

extension Policy {
    /// The arms that the selectors of ceilings and comparisons count.
    fileprivate var countedArms: [String: Arm] {
        let limited = ceilings.flatMap { [$0.failures, $0.exposures] }
            .map { ($0, Arm(selector: $0, variants)) }
        let compared = comparisonChecks.map(\.comparison).flatMap { comparison in
            comparison.arms.flatMap { arm in
                comparison.counters(of: arm, variants)
                    .map { ($0.1, comparison.counted(as: arm, variants)) }
            }
        }
        return Dictionary(limited + compared) { _, compared in compared }
    }
}

extension Counts {
    /// What a question counts of them.
    fileprivate func count(as role: MetricQuestion.Role) -> Int {
        switch role {
        case .failures: failuresWithinLimits
        case .treatmentFailures, .controlFailures: failures
        case .treatmentInTime, .controlInTime: exposures - failures
        case .exposures, .treatmentExposures, .controlExposures, .value, .treatment, .control: exposures
        }
    }
}
