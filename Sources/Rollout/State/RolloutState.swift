package import Assignment

/// All that is remembered about one flag's rollout between two ticks.
package struct RolloutState: Sendable, Equatable, Codable {
    package var flag: String
    /// Counts the starts of this flag's rollout, from 1.
    package var generation: Int
    /// The policy the rollout is judged and rolled back under.
    package var policy: Policy
    /// The semantic digest of that policy's file.
    package var policyDigest: String
    package var phase: Phase
    /// The highest revision ever ordered; every order takes the next.
    package var revision: Int
    /// The allocation last confirmed on every target.
    package var confirmed: Allocation
    /// An order that is not confirmed on every target yet.
    package var intent: Intent?
    /// What each target is known to show, in the policy's order.
    package var targets: [TargetRecord]
    package var progress: StepProgress
    package var waits: Waits
    /// What a person was last told, so that cron mails once an hour and not once a minute.
    package var attention: Attention?
    package var startedAt: Timestamp

    package init(
        flag: String,
        generation: Int,
        policy: Policy,
        policyDigest: String,
        phase: Phase,
        revision: Int,
        confirmed: Allocation,
        intent: Intent? = nil,
        targets: [TargetRecord],
        progress: StepProgress = StepProgress(),
        waits: Waits = Waits(),
        attention: Attention? = nil,
        startedAt: Timestamp
    ) {
        self.flag = flag
        self.generation = generation
        self.policy = policy
        self.policyDigest = policyDigest
        self.phase = phase
        self.revision = revision
        self.confirmed = confirmed
        self.intent = intent
        self.targets = targets
        self.progress = progress
        self.waits = waits
        self.attention = attention
        self.startedAt = startedAt
    }
}

/// An order saved before it is carried out, so that a process that dies leaves something to settle.
package enum Intent: Sendable, Equatable, Codable {
    /// Expose more clients. Phase and evidence change only once every target has confirmed it.
    case raise(Raise)
    /// Expose fewer clients, or fence what is published; applied again until every target has confirmed it.
    case lower(to: Allocation)

    package var allocation: Allocation {
        switch self {
        case .raise(let raise): raise.allocation
        case .lower(let allocation): allocation
        }
    }
}

/// A raise under way.
package struct Raise: Sendable, Equatable, Codable {
    package var allocation: Allocation
    /// The phase to enter on confirmation.
    package var entering: Phase
    /// The evidence as it was before the tick that decided this: what a withdrawal goes back to, so that the
    /// same interval is asked about again.
    package var before: StepProgress

    package init(allocation: Allocation, entering: Phase, before: StepProgress) {
        self.allocation = allocation
        self.entering = entering
        self.before = before
    }
}

/// What one target is known to show.
package struct TargetRecord: Sendable, Equatable, Codable {
    package var identity: String
    /// Last ordered and confirmed there; nil before the first order.
    package var published: Allocation?

    package init(identity: String, published: Allocation?) {
        self.identity = identity
        self.published = published
    }
}

/// Since when each cause of holding has lasted; nil while it does not.
package struct Waits: Sendable, Equatable, Codable {
    package var blind: Timestamp?
    package var undecided: Timestamp?
    package var tooFewSamples: Timestamp?
    package var noTraffic: Timestamp?

    package init(
        blind: Timestamp? = nil,
        undecided: Timestamp? = nil,
        tooFewSamples: Timestamp? = nil,
        noTraffic: Timestamp? = nil
    ) {
        self.blind = blind
        self.undecided = undecided
        self.tooFewSamples = tooFewSamples
        self.noTraffic = noTraffic
    }

    package subscript(cause: WaitingCause) -> Timestamp? {
        get {
            switch cause {
            case .blind: blind
            case .undecided: undecided
            case .tooFewSamples: tooFewSamples
            case .noTraffic: noTraffic
            }
        }
        set {
            switch cause {
            case .blind: blind = newValue
            case .undecided: undecided = newValue
            case .tooFewSamples: tooFewSamples = newValue
            case .noTraffic: noTraffic = newValue
            }
        }
    }
}

/// Something a person was told.
package struct Attention: Sendable, Equatable, Codable {
    /// Stable for as long as it is the same need.
    package var key: String
    package var toldAt: Timestamp

    package init(key: String, toldAt: Timestamp) {
        self.key = key
        self.toldAt = toldAt
    }
}
