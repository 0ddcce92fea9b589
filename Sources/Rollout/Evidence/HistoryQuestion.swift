/// A question about what counters counted before a rollout, interval by interval.
package struct HistoryQuestion: Sendable, Equatable {
    package var check: String
    package var role: MetricQuestion.Role
    package var selector: String
    /// Where the first interval begins.
    package var from: Timestamp
    package var interval: Span
    /// How many intervals follow each other; at least one.
    package var count: Int

    package init(
        check: String,
        role: MetricQuestion.Role,
        selector: String,
        from: Timestamp,
        interval: Span,
        count: Int
    ) {
        self.check = check
        self.role = role
        self.selector = selector
        self.from = from
        self.interval = interval
        self.count = count
    }
}

/// What became of a question about history.
package enum HistoryAnswer: Sendable, Equatable {
    /// Events in each interval, oldest first; 0 where there was no series.
    ///
    /// A source that cannot give all of them gives the newest, and 0 before; all counters of a check alike.
    case counts([Double])
    /// There is none, and why.
    case unavailable(String)
}

/// Which clients an arm is.
package enum ComparedArm: Sendable, Equatable, CaseIterable {
    case treatment
    case control
}

extension MetricQuestion.Role {
    /// The role of an arm's failures, exposures, or those in time.
    static func failures(of arm: ComparedArm) -> Self {
        arm == .treatment ? .treatmentFailures : .controlFailures
    }

    static func exposures(of arm: ComparedArm) -> Self {
        arm == .treatment ? .treatmentExposures : .controlExposures
    }

    static func inTime(of arm: ComparedArm) -> Self {
        arm == .treatment ? .treatmentInTime : .controlInTime
    }

    /// What people call it: `failures of the treatment`.
    package var words: String {
        switch self {
        case .failures, .exposures, .value, .treatment, .control: rawValue
        case .treatmentFailures: "failures of the treatment"
        case .controlFailures: "failures of the control"
        case .treatmentExposures: "exposures of the treatment"
        case .controlExposures: "exposures of the control"
        case .treatmentInTime: "the treatment's bucket of the bound"
        case .controlInTime: "the control's bucket of the bound"
        }
    }
}
