/// What has been gathered since the current allocation was confirmed.
///
/// Starts anew with every exposure level.
package struct StepProgress: Sendable, Equatable, Codable {
    /// When every target had confirmed the current allocation; nil before the first.
    package var confirmedAt: Timestamp?
    /// Time lived with, after settling: counted by ticks, so that time nobody watched does not count.
    package var baked: Span
    /// The last tick that counted.
    package var lastTickAt: Timestamp?
    /// Ticks that judged every check healthy on an interval which began after settling.
    package var judgedTicks: Int
    /// A person asked to go on as soon as the checks permit.
    package var isBakeWaived: Bool
    /// In the policy's order.
    package var checks: [CheckProgress]

    package init(
        confirmedAt: Timestamp? = nil,
        baked: Span = .zero,
        lastTickAt: Timestamp? = nil,
        judgedTicks: Int = 0,
        isBakeWaived: Bool = false,
        checks: [CheckProgress] = []
    ) {
        self.confirmedAt = confirmedAt
        self.baked = baked
        self.lastTickAt = lastTickAt
        self.judgedTicks = judgedTicks
        self.isBakeWaived = isBakeWaived
        self.checks = checks
    }

    /// A fresh start at a moment of confirmation.
    package static func beginning(at now: Timestamp, checks: [Check]) -> StepProgress {
        StepProgress(
            confirmedAt: now,
            lastTickAt: now,
            checks: checks.map { CheckProgress(name: $0.name, through: now) }
        )
    }

    /// This fresh start, with the counters a former exposure was judged on to count from.
    ///
    /// They stand for the moment of confirmation only where they were read just before: older ones would count
    /// into this exposure what happened under the former.
    func counting(from former: StepProgress, noOlderThan age: Span) -> StepProgress {
        guard let confirmedAt else { return self }
        var progress = self
        for index in progress.checks.indices {
            let before = former.checks.first { $0.name == progress.checks[index].name }
            progress.checks[index].memories = before?.memories?.noOlder(than: age, at: confirmedAt)
        }
        return progress
    }
}

extension StepProgress {
    /// What one check has gathered; by name, so that none is ever left out of a judgement.
    func of(_ check: Check, since confirmedAt: Timestamp) -> CheckProgress {
        checks.first { $0.name == check.name } ?? CheckProgress(name: check.name, through: confirmedAt)
    }
}

/// What one check has gathered in this step.
package struct CheckProgress: Sendable, Equatable, Codable {
    package var name: String
    /// Evidence up to here has been counted; the next interval begins here.
    package var through: Timestamp
    /// The newest intervals, oldest first: no more than a judgement needs.
    package var intervals: [IntervalCounts]
    /// Judged intervals in a row that broke a query's bound.
    package var consecutiveBreaches: Int
    /// The newest sample any counted interval rested on.
    package var newestSample: Timestamp?
    /// How many series the larger of the last counts added up; nil before the first.
    package var knownSeries: Int?
    /// The clients of both arms; nil for checks of another kind, and before the first count.
    package var split: SplitTally?
    /// Both arms in the whole rollout; nil for checks of another kind, and before the first step.
    package var comparison: ComparisonProgress?
    /// What a source without history counts the next interval from.
    package var memories: CounterMemories?
    /// The last judgement, for people.
    package var latest: CheckSummary?

    package init(
        name: String,
        through: Timestamp,
        intervals: [IntervalCounts] = [],
        consecutiveBreaches: Int = 0,
        newestSample: Timestamp? = nil,
        latest: CheckSummary? = nil
    ) {
        self.name = name
        self.through = through
        self.intervals = intervals
        self.consecutiveBreaches = consecutiveBreaches
        self.newestSample = newestSample
        self.latest = latest
    }
}

/// Failures among exposures in one interval.
package struct IntervalCounts: Sendable, Equatable, Codable {
    package var failures: Double
    package var exposures: Double

    package init(failures: Double, exposures: Double) {
        self.failures = failures
        self.exposures = exposures
    }
}

/// How many clients both arms had, added up over looks at the same clients.
package struct SplitTally: Sendable, Equatable, Codable {
    package var treatment: Double
    package var control: Double
    /// How often a client that was there all the time has been counted.
    package var looks: Double

    package init(treatment: Double = 0, control: Double = 0, looks: Double = 0) {
        self.treatment = treatment
        self.control = control
        self.looks = looks
    }
}

/// One check's last judgement as `status` shows it.
package struct CheckSummary: Sendable, Equatable, Codable {
    package var cause: Cause
    /// The judged number in base units; nil when there was none.
    package var value: Double?
    package var limit: Double
    /// Exposures behind the value; nil for queries.
    package var samples: Double?
    /// What a person reads beside it.
    package var reason: String
    package var at: Timestamp

    package init(
        cause: Cause,
        value: Double? = nil,
        limit: Double,
        samples: Double? = nil,
        reason: String,
        at: Timestamp
    ) {
        self.cause = cause
        self.value = value
        self.limit = limit
        self.samples = samples
        self.reason = reason
        self.at = at
    }
}
