import Analysis
import Glibc
import Testing

/// Not by simulation: over every outcome of a look, with its probability.
@Suite("Evidence against what is true")
struct FairEvidenceTests {
    /// One, as far as doubles can add up to it.
    private static let one = 1 + 1e-12
    private static let sizes = [(1, 1), (1, 5), (2, 3), (3, 2), (4, 4), (6, 1), (5, 6)]
    private static let margins = [
        Margin(ratio: 1), Margin(ratio: 1, addition: 0.03), Margin(ratio: 1.5),
        Margin(ratio: 1.5, addition: 0.0005), Margin(ratio: 1.5, addition: 0.2), Margin(ratio: 0.7),
    ]
    private static let controlShares = [0, 0.001, 0.02, 0.1, 0.3, 0.5, 0.62, 0.9, 1]

    private static func evidence(
        of exposures: (Int, Int),
        against null: Margin,
        at ratio: Double,
        dividedBy dispersion: Double = 1,
        atMost cap: Double = .infinity
    ) -> OutcomeTable {
        OutcomeTable(exposures: exposures) { counts in
            let evidence = LogEValue.twoArms(counts, against: null, alternative: ratio * null.ratio)
            return exp(min(evidence / dispersion, cap))
        }
    }

    /// Shares of the treatment that `null` allows beside this one of the control: its border, and some inside.
    private static func treatmentShares(_ null: Margin, control: Double, isHarm: Bool) -> [Double] {
        let border = null.ratio * control + null.addition
        if isHarm { return [1, 0.75, 0.25, 0].map { min(border, 1) * $0 } }
        return border > 1 ? [] : [0, 0.25, 0.75, 1].map { border + (1 - border) * $0 }
    }

    /// The largest mean over all shares that a null allows, and how many were tried.
    private static func largestMean(
        _ table: OutcomeTable,
        exposures: (Int, Int),
        null: Margin,
        isHarm: Bool
    ) -> (mean: Double, cases: Int) {
        var found = (mean: 0.0, cases: 0)
        for share in controlShares {
            for treated in treatmentShares(null, control: share, isHarm: isHarm) {
                for way in Unevenness.allCases {
                    let mean = table.mean(
                        treatment: FailureDistribution(way.shares(treated, count: exposures.0)),
                        control: FailureDistribution(way.shares(share, count: exposures.1))
                    )
                    found = (max(found.mean, mean), found.cases + 1)
                }
            }
        }
        return found
    }

    @Test("is at most 1 on average, of two arms", arguments: [true, false], [1, 2.5])
    func twoArms(isHarm: Bool, dispersion: Double) {
        var cases = 0
        var largest = 0.0
        for exposures in Self.sizes {
            for null in Self.margins {
                for ratio in isHarm ? [1.1, 3.5, 30] : [0.9, 0.4, 0.05] {
                    let table = Self.evidence(of: exposures, against: null, at: ratio, dividedBy: dispersion)
                    let found = Self.largestMean(table, exposures: exposures, null: null, isHarm: isHarm)
                    #expect(found.mean <= Self.one, "\(exposures) \(null) × \(ratio): \(found.mean)")
                    largest = max(largest, found.mean)
                    cases += found.cases
                }
            }
        }
        // The bound is sharp: where nothing can fail the evidence is 1.
        #expect(largest > 0.999)
        #expect(cases > 3_000)
    }

    @Test("is more than 1 on average where it is not true, just outside the border")
    func outside() {
        let null = Margin(ratio: 1.5)
        let table = Self.evidence(of: (40, 40), against: null, at: 1.1)
        let control = FailureDistribution(Array(repeating: 0.02, count: 40))
        let mean = table.mean(
            treatment: FailureDistribution(Array(repeating: 0.035, count: 40)),
            control: control
        )
        #expect(mean > 1.001, "\(mean)")
    }

    @Test("is at most 1 on average also where a look's evidence is limited")
    func limited() {
        for exposures in Self.sizes {
            for null in Self.margins {
                for ratio in [1.5, 30] {
                    let table = Self.evidence(of: exposures, against: null, at: ratio, atMost: 0.4)
                    let found = Self.largestMean(table, exposures: exposures, null: null, isHarm: true)
                    #expect(found.mean <= Self.one, "\(exposures) \(null) × \(ratio): \(found.mean)")
                }
            }
        }
    }

    @Test("is at most 1 on average, of one arm")
    func oneArm() {
        for exposures in 1...7 {
            for null in [0, 0.001, 0.05, 0.4, 0.8, 1] {
                for factor in [1.1, 1.5, 3.5, 30, 0.9, 0.6, 0.2, 0.05] {
                    let table = OutcomeTable(exposures: (exposures, 0)) { counts in
                        exp(LogEValue.oneArm(counts.treatment, against: null, factor: factor))
                    }
                    for inside in [0, 0.25, 0.75, 1] {
                        let share = factor > 1 ? null * inside : 1 - (1 - null) * inside
                        for way in Unevenness.allCases {
                            let treatment = FailureDistribution(way.shares(share, count: exposures))
                            let mean = table.mean(treatment: treatment, control: FailureDistribution([]))
                            #expect(mean <= Self.one, "\(exposures) \(null) × \(factor) at \(share): \(mean)")
                        }
                    }
                }
            }
        }
    }

    @Test("is so where clients fail φ times at once and it is divided by φ, and not where it is not")
    func bursts() {
        var undivided = 0.0
        for (size, clients) in [(2, (2, 3)), (3, (3, 2)), (4, (1, 2))] {
            let exposures = (clients.0 * size, clients.1 * size)
            for null in Self.margins {
                for (isHarm, ratio) in [(true, 1.5), (true, 8), (false, 0.6), (false, 0.05)] {
                    let divided = Self.evidence(
                        of: exposures,
                        against: null,
                        at: ratio,
                        dividedBy: Double(size)
                    )
                    let whole = Self.evidence(of: exposures, against: null, at: ratio)
                    for share in Self.controlShares {
                        for treated in Self.treatmentShares(null, control: share, isHarm: isHarm) {
                            let treatment = FailureDistribution(
                                clients: Array(repeating: treated, count: clients.0),
                                exposuresEach: size
                            )
                            let control = FailureDistribution(
                                clients: Array(repeating: share, count: clients.1),
                                exposuresEach: size
                            )
                            let mean = divided.mean(treatment: treatment, control: control)
                            #expect(mean <= Self.one, "\(size) each, \(null) × \(ratio): \(mean)")
                            undivided = max(undivided, whole.mean(treatment: treatment, control: control))
                        }
                    }
                }
            }
        }
        #expect(undivided > 1.5, "\(undivided)")
    }
}
