import Analysis
import Assignment
import Rollout
import Stepping

/// How many clients were seen with each variant, and where that is known from.
struct ObservedSplit: Sendable {
    var treatment: Double
    var control: Double
    /// For people: `counts given`, `session_clients{…} now`.
    var source: String
}

extension ObservedSplit {
    /// Reads counts written as `sse=1042,polling=9312`.
    ///
    /// - Throws: ``Failure`` with status 64.
    static func parse(_ text: String, _ variants: Variants) throws(Failure) -> ObservedSplit {
        var counts: [String: Int] = [:]
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let sides = part.split(separator: "=", omittingEmptySubsequences: false)
            guard sides.count == 2, let count = Int(sides[1]), count >= 0, counts[String(sides[0])] == nil
            else {
                throw usage(variants)
            }
            counts[String(sides[0])] = count
        }
        guard counts.count == 2, let treatment = counts[variants.treatment],
            let control = counts[variants.control]
        else { throw usage(variants) }
        return ObservedSplit(treatment: Double(treatment), control: Double(control), source: "counts given")
    }

    private static func usage(_ variants: Variants) -> Failure {
        Failure(
            message: "--counts names both variants with their clients",
            hint: "write '--counts \(variants.treatment)=100,\(variants.control)=900'",
            status: .usage
        )
    }
}

/// The clients of both variants, asked of the policy's metrics.
struct SplitInquiry {
    var flag: AssignedFlag
    var policy: Policy
    var measure: SplitMeasure
    var over: Span

    /// Asks a metrics server, or takes what the last step counted on pages.
    func observe(_ source: any MetricsSource, at now: Timestamp) throws(Failure) -> ObservedSplit {
        if case .scrape = policy.metrics { return try lastJudged() }
        let through = now - policy.metrics.lag
        let from = max(through - over, beginning ?? through - over)
        guard from < through else {
            throw Failure(
                message: "clients may still be switching to \(flag.allocation.exposure)",
                hint: "ask again in \((from - through).wholeSeconds + .seconds(1))",
                status: .unavailable
            )
        }
        let questions = measure.questions("audit", of: policy.variants, from: from, through: through)
        let answers = source.answer(questions, deadline: policy.metrics.timeout).measurements
        let counts: ArmCounts
        switch ArmCounts.counted(in: answers, since: from, through) {
        case .success(let counted): counts = counted
        case .failure(let unusable):
            let why = unusable.cause == .unchanged ? "no sample since clients switched" : unusable.text
            throw Failure(message: "the split cannot be seen: \(why)", status: answers.failingStatus)
        }
        let looks = max(1, measure.looks(in: through - from))
        return ObservedSplit(
            treatment: counts.treatment / looks,
            control: counts.control / looks,
            source: words(through - from)
        )
    }

    /// Since when everybody had time to switch; nil where nobody knows when it was published.
    private var beginning: Timestamp? {
        flag.state?.progress.confirmedAt.map { $0 + policy.settle + measure.memory }
    }

    private func words(_ span: Span) -> String {
        switch measure {
        case .clients(let selector): "\(selector), now"
        case .exposures(let selector, let every):
            "\(selector) over \(span.wholeSeconds), each client once in \(every)"
        case .firstExposures(let selector): "\(selector) over \(span.wholeSeconds)"
        }
    }

    /// Pages have no history: what the rollout's own check made of them.
    private func lastJudged() throws(Failure) -> ObservedSplit {
        let checks = flag.state.map { zip($0.policy.checks, $0.progress.checks).map { ($0, $1) } } ?? []
        for case (let check, let progress) in checks {
            guard case .split = check.rule, let latest = progress.latest, let share = latest.value,
                let clients = latest.samples
            else { continue }
            return ObservedSplit(
                treatment: share * clients,
                control: (1 - share) * clients,
                source: "check '\(check.name)' at \(TimeText.utc(latest.at))"
            )
        }
        throw Failure(
            message: "pages have no history, and no step has judged a split yet",
            hint: "give the policy a check with 'split', or what you counted with '--counts'",
            status: .unavailable
        )
    }
}

extension [Measurement] {
    /// The exit status of answers that cannot be used.
    fileprivate var failingStatus: ExitStatus {
        for answer in self {
            if case .refused(let refusal, _) = answer.outcome { return ExitStatus(refusal) }
        }
        return .unavailable
    }
}
