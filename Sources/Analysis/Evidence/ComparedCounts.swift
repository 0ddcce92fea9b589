/// Failures among exposures of one arm.
package struct ArmCount: Sendable, Equatable, Codable {
    /// What could have failed: 0 or more.
    package var exposures: Double
    /// What did: 0 to `exposures`.
    package var failures: Double

    package init(exposures: Double = 0, failures: Double = 0) {
        self.exposures = exposures
        self.failures = failures
    }

    /// Failures divided by exposures; nil without exposures.
    package var share: Double? { exposures > 0 ? failures / exposures : nil }

    package static func + (one: ArmCount, other: ArmCount) -> ArmCount {
        ArmCount(exposures: one.exposures + other.exposures, failures: one.failures + other.failures)
    }
}

/// Failures among exposures of both arms over the same time.
package struct ComparedCounts: Sendable, Equatable, Codable {
    package var treatment: ArmCount
    /// Nothing where there is no control.
    package var control: ArmCount

    package init(treatment: ArmCount = ArmCount(), control: ArmCount = ArmCount()) {
        self.treatment = treatment
        self.control = control
    }

    package static func + (one: ComparedCounts, other: ComparedCounts) -> ComparedCounts {
        ComparedCounts(treatment: one.treatment + other.treatment, control: one.control + other.control)
    }

    /// How many times the control's share of failures the treatment's is; nil where that cannot be said.
    package var ratio: Double? {
        guard let treatment = treatment.share, let control = control.share, control > 0 else { return nil }
        return treatment / control
    }
}
