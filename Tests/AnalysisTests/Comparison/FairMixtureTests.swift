import Glibc
import Testing

@testable import Analysis

/// Somebody who may choose both arms' shares anew at every look, knowing all outcomes so far, and when to stop: as
/// long as what the evidence speaks against is true at every look.
private struct Opponent {
    /// Exposures of a look.
    var exposures: (treatment: Int, control: Int)
    /// What it may choose from.
    var shares: [(treatment: Double, control: Double)]
    var settings: ComparisonSettings
    /// The look, from 0 on, that a later step begins with.
    var nextStepAt: Int?
    var outlook: StepOutlook
    /// The logarithm of what it wants to be large.
    var goal: (SequentialComparison) -> Double

    /// The most that it can bring the evidence to on average: over every outcome of every look.
    func most(looks: Int) -> Double {
        let comparison = SequentialComparison(dispersionPrior: settings.dispersionPrior)
        return most(after: comparison, look: 0, of: looks)
    }

    private func most(after comparison: SequentialComparison, look: Int, of looks: Int) -> Double {
        let now = exp(goal(comparison))
        guard look < looks else { return now }
        var comparison = comparison
        if look == 0 || look == nextStepAt { comparison.begin(outlook, under: settings) }
        let table = OutcomeTable(exposures: exposures) { counts in
            var next = comparison
            next.look(at: counts, under: settings)
            return most(after: next, look: look + 1, of: looks)
        }
        let best = shares.map { share in
            table.mean(
                treatment: FailureDistribution(Array(repeating: share.treatment, count: exposures.treatment)),
                control: FailureDistribution(Array(repeating: share.control, count: exposures.control))
            )
        }
        return max(now, best.max() ?? 0)
    }
}

/// Somebody who also decides after each look whether gains are forgotten.
private struct ForgetfulOpponent {
    var null: Margin
    private let improvements = [Alternative].even([0.05, 0.6])

    init(null: Margin) { self.null = null }

    func most(after mixture: RestartedMixture, looks: Int) -> Double {
        var forgetful = mixture
        forgetful.forgetGains()
        return max(bestBet(with: mixture, looks: looks), bestBet(with: forgetful, looks: looks))
    }

    private func bestBet(with mixture: RestartedMixture, looks: Int) -> Double {
        let now = exp(mixture.logEvidence)
        guard looks > 0 else { return now }
        let table = OutcomeTable(exposures: (1, 1)) { counts in
            var next = mixture
            next.bet(spending: mixture.hasBet ? 0.3 : 0.6, on: improvements) { alternative in
                LogEValue.twoArms(counts, against: null, alternative: alternative.ratio * null.ratio)
            }
            return most(after: next, looks: looks - 1)
        }
        let best = [0.02, 0.3, 0.63].map { share in
            table.mean(
                treatment: FailureDistribution([null.ratio * share + null.addition]),
                control: FailureDistribution([share])
            )
        }
        return max(now, best.max() ?? 0)
    }
}

@Suite("Evidence of several looks, bet again and again")
struct FairMixtureTests {
    private static let controlShares = [0.02, 0.3, 0.66]

    /// Settings under which every part of a comparison has something to do within few looks of few exposures.
    private static func settings(limit: Double?, dispersionPrior: Double) -> ComparisonSettings {
        var settings = ComparisonSettings()
        settings.falseAlarms = 0.3
        settings.regressions = .even([1.5, 8])
        settings.improvements = .even([0.05, 0.6])
        settings.regressionStakes = ComparisonSettings.Stakes(first: 0.5, step: 0.4, later: .constant(0.3))
        settings.improvementStakes = ComparisonSettings.Stakes(first: 0.6, step: 0.6, later: .constant(0.3))
        settings.mostEvidencePerLook = limit
        settings.catastrophe = ComparisonSettings.Threshold(share: 1, exposures: 2)
        settings.dispersionPrior = dispersionPrior
        settings.dispersionPriorWeight = 2
        settings.warmUp = 1
        return settings
    }

    private static func outlook(objective: Double? = nil) -> StepOutlook {
        StepOutlook(share: 0.5, nextExposures: 50, objective: objective)
    }

    @Test(
        "is at most 1 on average against a harmless treatment, in two steps",
        arguments: [nil, 0.4] as [Double?],
        [Margin(ratio: 1), Margin(ratio: 1.2, addition: 0.05)]
    )
    func harm(limit: Double?, harmless: Margin) {
        for prior in [1, 1.8] {
            var settings = Self.settings(limit: limit, dispersionPrior: prior)
            settings.harmless = harmless
            let opponent = Opponent(
                exposures: (2, 1),
                shares: Self.controlShares.flatMap { share in
                    let border = min(1, harmless.ratio * share + harmless.addition)
                    return [(border, share), (0.6 * border, share)]
                },
                settings: settings,
                nextStepAt: 2,
                outlook: Self.outlook(),
                goal: \.evidenceOfHarm
            )
            let most = opponent.most(looks: 4)
            #expect(most <= 1 + 1e-12, "φ \(prior): \(most)")
        }
    }

    @Test("is at most 1 on average against a harmful treatment", arguments: [0, 1])
    func harmlessness(warmUp: Int) {
        var settings = Self.settings(limit: nil, dispersionPrior: 1.5)
        settings.warmUp = warmUp
        let addition = settings.addition(expecting: 50)
        let opponent = Opponent(
            exposures: (1, 2),
            shares: Self.controlShares.compactMap { share in
                let border = settings.toleratedRatio * share + addition
                return border > 1 ? nil : (border, share)
            } + [(1, 0.1), (0.5, 0.1)],
            settings: settings,
            outlook: Self.outlook(),
            goal: \.evidenceOfHarmlessness
        )
        let most = opponent.most(looks: 4)
        #expect(most <= 1 + 1e-12, "\(most)")
    }

    @Test("is at most 1 on average against a share that is kept, or is not")
    func objective() {
        let settings = Self.settings(limit: 0.4, dispersionPrior: 1)
        let kept = Opponent(
            exposures: (3, 0),
            shares: [(0.2, 0), (0.1, 0), (0, 0)],
            settings: settings,
            outlook: Self.outlook(objective: 0.2),
            goal: \.evidenceOfHarm
        )
        let missed = Opponent(
            exposures: (3, 0),
            shares: [(0.2, 0), (0.5, 0), (1, 0)],
            settings: settings,
            outlook: Self.outlook(objective: 0.2),
            goal: \.evidenceOfHarmlessness
        )
        for opponent in [kept, missed] {
            let most = opponent.most(looks: 4)
            #expect(most <= 1 + 1e-12, "\(most)")
        }
    }

    @Test("is at most 1 on average where gains may be forgotten after any look")
    func forgottenGains() {
        let most = ForgetfulOpponent(null: Margin(ratio: 1.5, addition: 0.05)).most(
            after: RestartedMixture(),
            looks: 5
        )
        #expect(most <= 1 + 1e-12, "\(most)")
        #expect(most > 0.99)
    }

    @Test("forgets gains and not losses, and neither its shares nor its reserve's")
    func forgetting() {
        var mixture = RestartedMixture()
        mixture.bet(spending: 0.5, on: .even([0.05, 0.6])) { $0.ratio < 0.1 ? 2 : 1 }
        let before = mixture
        mixture.forgetGains()
        #expect(abs(mixture.logEvidence) < 1e-12)
        for (now, then) in zip(mixture.logWealth, before.logWealth) {
            #expect(abs(then - now - before.logEvidence) < 1e-12)
        }
        #expect(abs(mixture.reserve - before.reserve * exp(-before.logEvidence)) < 1e-12)
        mixture.bet(spending: 0.5, on: .even([0.05, 0.6])) { _ in -1 }
        let lost = mixture
        mixture.forgetGains()
        #expect(lost.logEvidence < 0)
        #expect(mixture == lost)
    }

    @Test("is more than 1 on average against a treatment that is what it looks for")
    func power() {
        let opponent = Opponent(
            exposures: (2, 1),
            shares: [(0.6, 0.1)],
            settings: Self.settings(limit: nil, dispersionPrior: 1),
            outlook: Self.outlook(),
            goal: \.evidenceOfHarm
        )
        #expect(opponent.most(looks: 4) > 1.5)
    }
}
