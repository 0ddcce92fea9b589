package import Assignment

/// One rollout as its operator wrote it: the flag, its steps, its checks and where to publish.
///
/// A plain value without secrets: the rollout's state keeps the accepted policy, so that rolling back needs no
/// readable policy file.
package struct Policy: Sendable, Equatable, Codable {
    package var flag: String
    package var variants: Variants
    /// Mixed into every client's bucket; the flag's name unless the policy says otherwise.
    package var salt: String
    package var algorithm: HashAlgorithm
    package var store: StoreLocation
    /// The judging tick: evidence is cut into intervals of at least this length.
    package var interval: Span
    /// Strictly rising percentages; at least one.
    package var steps: [Step]
    package var metrics: MetricsLocation
    /// At least one.
    package var checks: [Check]
    /// What its comparisons share; nil for a policy without any.
    package var comparisons: ComparisonTerms?
    package var deadlines: Deadlines
    /// Where the allocation is published, in order; at least one.
    package var targets: [TargetLocation]

    package init(
        flag: String,
        variants: Variants,
        salt: String? = nil,
        algorithm: HashAlgorithm = .flagdV2,
        store: StoreLocation,
        interval: Span = .seconds(60),
        steps: [Step],
        metrics: MetricsLocation,
        checks: [Check],
        comparisons: ComparisonTerms? = nil,
        deadlines: Deadlines = Deadlines(),
        targets: [TargetLocation]
    ) {
        self.flag = flag
        self.variants = variants
        self.salt = salt ?? flag
        self.algorithm = algorithm
        self.store = store
        self.interval = interval
        self.steps = steps
        self.metrics = metrics
        self.checks = checks
        self.comparisons = comparisons
        self.deadlines = deadlines
        self.targets = targets
    }

    /// The longest time any target needs until its readers have picked up a change.
    package var settle: Span { targets.map(\.settle).max() ?? .zero }
}

/// What the two sides of the flag are called.
package struct Variants: Sendable, Equatable, Codable {
    package var treatment: String
    package var control: String

    /// The names used where a policy gives none.
    package static let onAndOff = Variants(treatment: "on", control: "off")

    package init(treatment: String, control: String) {
        self.treatment = treatment
        self.control = control
    }
}

/// One exposure level: a percentage, and how long it must be lived with before the next.
package struct Step: Sendable, Equatable, Codable {
    package var percentage: Percentage
    package var bake: Span

    package init(percentage: Percentage, bake: Span) {
        self.percentage = percentage
        self.bake = bake
    }
}

/// How long a rollout may go without an answer, and what happens then; one clock for each cause.
package struct Deadlines: Sendable, Equatable, Codable {
    /// No usable evidence at all, whatever the mixture of causes.
    package var blind: Deadline
    /// Enough samples, still no verdict.
    package var undecided: Deadline
    /// Traffic, but less than the checks need.
    package var tooFewSamples: Deadline
    /// No traffic in any arm.
    package var noTraffic: Deadline

    package init(
        blind: Deadline = Deadline(after: .minutes(30), action: .rollback),
        undecided: Deadline = Deadline(after: .hours(2), action: .pause),
        tooFewSamples: Deadline = Deadline(after: .hours(2), action: .pause),
        noTraffic: Deadline = Deadline(after: .hours(2), action: .pause)
    ) {
        self.blind = blind
        self.undecided = undecided
        self.tooFewSamples = tooFewSamples
        self.noTraffic = noTraffic
    }
}

/// What happens when a cause has lasted too long.
package struct Deadline: Sendable, Equatable, Codable {
    package var after: Span
    package var action: DeadlineAction

    package init(after: Span, action: DeadlineAction) {
        self.after = after
        self.action = action
    }
}

/// What a deadline does when it passes.
package enum DeadlineAction: String, Sendable, Equatable, Codable, CaseIterable {
    /// Stop and tell a person; the percentage stays.
    case pause
    /// Disable the flag.
    case rollback
}
