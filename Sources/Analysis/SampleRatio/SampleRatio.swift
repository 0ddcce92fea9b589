/// How many clients have the treatment, beside how many should.
package struct SampleRatio: Sendable, Equatable {
    /// Distinct clients; need not be whole where they were estimated.
    package let treatment: Double
    package let control: Double
    /// The share that should have the treatment, from 0 to 1.
    package let expectedShare: Double

    package init(treatment: Double, control: Double, expectedShare: Double) {
        self.treatment = treatment
        self.control = control
        self.expectedShare = expectedShare
    }

    package var total: Double { treatment + control }

    /// The share that has the treatment; nil without clients.
    package var observedShare: Double? { total > 0 ? treatment / total : nil }

    /// How much larger the observed share is than the expected one, as a ratio; 0 without clients.
    package var difference: Double { (observedShare ?? expectedShare) - expectedShare }

    /// The χ² test of both counts.
    package var goodnessOfFit: GoodnessOfFit {
        GoodnessOfFit(observed: [treatment, control], weights: [expectedShare, 1 - expectedShare])
    }

    /// 1 / BF of these counts, at most 1: what may be looked at while they grow.
    package var sequentialPValue: Double {
        var test = SequentialSampleRatio(
            weights: [expectedShare, 1 - expectedShare],
            concentrations: BayesFactor.mixedConcentrations
        )
        test.observe([treatment, control])
        return test.pValue
    }
}

extension SampleRatio {
    /// What counts say about a split.
    package enum Verdict: String, Sendable, Equatable, Codable, CaseIterable {
        /// They are as they should be, as far as so many clients can show.
        case fits
        /// They would rarely come about by chance, but not so rarely that somebody must act.
        case doubtful
        /// They do not come about by chance, and the difference matters.
        case mismatch
        /// Too few clients for the χ² test.
        case tooFew
    }

    /// p below which a difference that matters is a mismatch; GrowthBook's and Statsig's default.
    package static let mismatchPValue = 0.001
    /// p below which a split is doubtful; Statsig's yellow.
    package static let doubtfulPValue = 0.01
    /// The smallest difference that matters: 0.1 percentage points, as at Statsig.
    package static let smallestDifference = 0.001

    /// The verdict of a single look, by χ².
    package var verdict: Verdict {
        let test = goodnessOfFit
        guard total > 0 else { return .tooFew }
        // Clients where there should be none need no distribution to tell.
        guard test.isLargeEnough || test.statistic == .infinity else { return .tooFew }
        if test.pValue < Self.mismatchPValue, difference.magnitude >= Self.smallestDifference {
            return .mismatch
        }
        return test.pValue < Self.doubtfulPValue ? .doubtful : .fits
    }
}
