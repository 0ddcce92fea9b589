import Analysis
import Assignment
import Rollout
import Testing
import TidegateTestKit

@Suite("A comparison in words")
struct ComparisonWordsTests {
    private static let policy = Policy.example(checks: [.clientFailures])

    /// A rollout whose one look counted this, a minute after it settled.
    private func standing(
        _ treatment: (failures: Double, exposures: Double),
        _ control: (failures: Double, exposures: Double),
        at percent: Double = 10,
        policy: Policy = policy,
        looks: Int = 3
    ) throws -> (reason: String, standing: ComparisonStanding, cause: Cause) {
        let weather = Weather.arms(
            treatment: ArmCount(
                exposures: treatment.exposures / Double(looks),
                failures: treatment.failures / Double(looks)
            ),
            control: ArmCount(
                exposures: control.exposures / Double(looks),
                failures: control.failures / Double(looks)
            )
        )
        let step = policy.steps.firstIndex { policy.exposure(of: $0).percent >= percent } ?? 0
        let state = RolloutState.at(percent, phase: .progressing(step: step), policy: policy).knowing()
            .living(weather, minutes: looks)
        let standing = try #require(state.comparisonStandings.first)
        let latest = try #require(state.progress.checks.first?.latest)
        return (latest.reason, standing, latest.cause)
    }

    @Test("says how often, of how many, and how far the evidence is")
    func undecided() throws {
        let (reason, standing, cause) = try standing((2.1, 300), (6, 2_700))
        #expect(cause == .undecided)
        #expect(
            reason.hasPrefix(
                "treatment 3.2 × control, 2 of 300 against 6 of 2,700; evidence of harmlessness "
            )
        )
        #expect(reason.hasSuffix(" of 20 needed"))
        #expect(standing.harm.text.hasSuffix(" of 102"))
        #expect(standing.finding.hasPrefix("treatment 3.2 × control"))
    }

    @Test("of a breach says at least how many times as often")
    func harmful() throws {
        let (reason, standing, _) = try standing((300, 1_000), (45, 9_000), looks: 1)
        #expect(
            reason.hasPrefix("treatment 60 × control (at least "),
            "\(reason)"
        )
        #expect(reason.contains(" ×), 300 of 1,000 against 45 of 9,000; evidence of harm "), "\(reason)")
        #expect(reason.hasSuffix(" of 102 needed"), "\(reason)")
        #expect(standing.harm.progress == 1)
    }

    @Test("of a breach that several comparisons share tells their mean, and its own part")
    func shared() throws {
        let policy = Policy.example(checks: [.clientFailures, .compared("others")])
        let (reason, standing, _) = try standing((300, 1_000), (45, 9_000), policy: policy, looks: 1)
        #expect(reason.contains("(the mean of 2 comparisons, "), "\(reason)")
        #expect(standing.sharing == 2)
    }

    @Test("says what is still missing once there is evidence enough")
    func missingLooks() throws {
        let (reason, _, cause) = try standing((60, 60_000), (1_800, 540_000))
        #expect(cause == .undecided)
        #expect(reason.hasSuffix("; 2 of 5 intervals needed"), "\(reason)")
    }

    @Test("does not divide by a control that never fails")
    func flawlessControl() throws {
        #expect(
            try standing((3, 300), (0, 2_700)).reason.hasPrefix("treatment 1 %, control nothing, 3 of 300")
        )
        #expect(try standing((0, 300), (0, 2_700)).reason.hasPrefix("no failures in either arm, 0 of 300"))
    }

    @Test("says that no control is left, and what that means")
    func noControl() throws {
        var policy = Policy.example(steps: [(100, .minutes(2))], checks: [.clientFailures])
        policy.comparisons = ComparisonTerms(holdback: .zero)
        let (reason, standing, _) = try standing((6, 3_600), (0, 0), at: 100, policy: policy)
        #expect(reason.hasPrefix("treatment 0.17 %, the control's past allows 1."), "\(reason)")
        #expect(
            reason.hasSuffix("; no control is left: an incident that hits everybody is blamed on the flag"),
            "\(reason)"
        )
        guard case .past = standing.against else {
            Issue.record("\(standing.against)")
            return
        }
    }

    @Test("of an objective speaks of no control")
    func objective() throws {
        let policy = Policy.example(checks: [.compared("promised") { $0.objective = 0.01 }])
        let (reason, standing, _) = try standing((3, 600), (0, 0), policy: policy)
        #expect(
            reason.hasPrefix("treatment 0.5 %, objective 1 %, 3 of 600; evidence of harmlessness"),
            "\(reason)"
        )
        #expect(!standing.finding.contains("control"))
    }

    @Test("does not claim for this step what only the steps before have shown")
    func boundsOfTheWholeRollout() throws {
        var state = RolloutState.at(10, policy: Self.policy).knowing()
        state = state.living(.bad, minutes: 2)
        let former = state.progress
        state = .at(50, phase: .progressing(step: 1), policy: Self.policy)
        state.progress = state.beginning(at: .newYear, after: former)
        state = state.living(.alike, minutes: 2)
        let standing = try #require(state.comparisonStandings.first)
        #expect(try #require(standing.leastRatio) > 1.2)
        #expect(standing.finding.hasPrefix("treatment 1.0 × control"), "\(standing.finding)")
        #expect(!standing.finding.contains("at least"), "\(standing.finding)")
        #expect(
            state.progress.checks[0].latest?.reason.contains("in the whole rollout") == true,
            "\(state.progress.checks[0].latest?.reason ?? "")"
        )
    }
}

extension Weather {
    /// Twelve times as many failures with the treatment.
    fileprivate static let bad = arms(
        treatment: ArmCount(exposures: 1_000, failures: 60),
        control: ArmCount(exposures: 9_000, failures: 45)
    )
    fileprivate static let alike = arms(
        treatment: ArmCount(exposures: 500, failures: 5),
        control: ArmCount(exposures: 500, failures: 5)
    )
}

@Suite("Numbers for people")
struct EvidenceNumberTests {
    static let ratios: [(Double, String)] = [
        (1.8999, "1.9"), (1, "1.0"), (0.995, "1.0"), (0.526, "0.53"), (0.5, "0.5"), (0.004, "under 0.01"),
        (0, "0"), (9.94, "9.9"), (9.96, "10"), (34.4, "34"), (999.7, "1,000"), (1e9, "over 1,000"),
    ]
    static let evidences: [(Double, String)] = [
        (0, "1"), (-40, "under 0.1"), (2.995_732_273_553_991, "20"), (2.9957, "19"), (4.7105, "111"),
        (4.70, "109"), (3.5264, "34"), (0.8330, "2.3"), (700, "over a million"), (1e9, "over a million"),
    ]
    static let shares: [(Double, String)] = [
        (0.005, "0.5 %"), (0.000_324_5, "0.032 %"), (0.12, "12 %"), (0.009_166, "0.92 %"), (1, "100 %"),
        (0, "0 %"), (0.019_96, "2 %"), (0.1234, "12 %"),
    ]

    @Test("of a ratio have no more digits than it tells", arguments: ratios)
    func ratio(value: Double, text: String) {
        #expect(NumberText.ratio(value) == text)
    }

    @Test("of evidence never read as if it were enough before it is", arguments: evidences)
    func evidence(logarithm: Double, text: String) {
        #expect(NumberText.evidence(logarithm) == text)
    }

    @Test("of a share have two digits that count", arguments: shares)
    func share(value: Double, text: String) {
        #expect(NumberText.share(value) == text)
    }
}
