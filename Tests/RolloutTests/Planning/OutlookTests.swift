import Analysis
import Assignment
import Rollout
import Testing
import TidegateTestKit

@Suite("What a rollout is expected to come to")
struct OutlookTests {
    /// 20 exposures a second, one in 200 of them fails, after a day of it.
    private static let middling = traffic(1_200)

    private static func traffic(_ rate: Double, failing: Double = 0.005, burstiness: Double = 1)
        -> ExpectedTraffic
    {
        ExpectedTraffic(
            exposures: rate,
            failing: failing,
            burstiness: burstiness,
            known: ArmCount(exposures: rate * 1_440, failures: rate * 1_440 * failing)
        )
    }

    private static func policy(
        _ steps: [(percent: Double, bake: Span)] = [
            (10, .minutes(5)), (50, .minutes(10)), (100, .minutes(10)),
        ],
        checks: [Check] = [.clientFailures]
    ) -> Policy {
        .example(steps: steps, checks: checks)
    }

    private func outlook(_ policy: Policy = policy(), _ traffic: ExpectedTraffic = middling) throws -> Outlook
    {
        try #require(policy.outlook(expecting: traffic))
    }

    private func times(_ forecast: StepForecast) -> [ExpectedTime] { forecast.findings.map(\.time) }

    @Test("follows the planning rule, worked out by hand")
    func byHand() throws {
        let steps = try outlook().checks[0].steps
        // Least looks of any test · 1.5 = 36.41 and 19.77; least looks to find ×2, ×5 · 1.65 = 37.23, 3.75; 14.80, 1.72.
        #expect(steps[0].deciding == .about(.minutes(37)))
        #expect(steps[1].deciding == .about(.minutes(20)))
        #expect(times(steps[0]) == [.about(.minutes(34)), .about(.minutes(4)), .about(.minutes(1))])
        #expect(times(steps[1]) == [.about(.minutes(14)), .about(.minutes(2)), .about(.minutes(1))])
        // Readers of the flag take 30 s to settle.
        #expect(steps[0].passing == .about(.seconds(37 * 60 + 30)))
        // 1.5 · 0.5 % + 1/600, and 1/600 of the next step's 600 a minute is one failure.
        #expect(abs(steps[0].tolerance.share - 0.009_166_7) < 1e-6)
        #expect(abs(steps[0].tolerance.failuresPerMinute - 1) < 1e-9)
        #expect(steps[0].tolerance.text == "up to 1.5 × control and 1 failure a minute more (0.92 % failing)")
    }

    @Test("holds the last step against what the control's past allows", arguments: [(1.0, 78), (2, 156)])
    func lastStep(burstiness: Double, found: Int64) throws {
        let policy = Self.policy([(100, .zero)])
        let step = try outlook(policy, Self.traffic(1_200, burstiness: burstiness)).checks[0].steps[0]
        #expect(step.exposure == .percent(95))
        // Twice the anytime lower bound of 8,640 failures of 1,728,000, and 1/1,200.
        #expect(abs(step.tolerance.share - 0.010_3) < 0.000_2)
        // Evidence alone would take 3 or 5 looks: a last step has at least ten.
        #expect(step.deciding == .about(.minutes(10)))
        #expect(times(step)[0] == .about(.minutes(found)))
    }

    @Test("of an objective compares with nobody")
    func objective() throws {
        let check = Check.compared("promised") { $0.objective = 0.02 }
        let step = try outlook(Self.policy([(10, .zero), (100, .zero)], checks: [check])).checks[0].steps[0]
        #expect(step.deciding == .about(.minutes(5)))
        // Twice 0.5 % is within the objective of 2 %; five times is not by much.
        #expect(times(step) == [.never, .about(.minutes(98)), .about(.minutes(1))])
        #expect(step.tolerance.text == "up to 2 % failing")
    }

    @Test("is as long as the slowest check takes in each step, and their sum")
    func slowest() throws {
        let patient = Check.compared("patient") { $0.minimumSamples = 100_000 }
        let outlook = try outlook(Self.policy(checks: [.clientFailures, patient]))
        #expect(outlook.steps.map(\.passing) == outlook.checks[1].steps.map(\.passing))
        // 100,000 of 120 a minute, and the settling.
        #expect(outlook.steps[0].passing == .about(.minutes(834) + .seconds(30)))
        let seconds = outlook.steps.compactMap(\.passing.span?.seconds)
        #expect(outlook.total.span?.seconds == seconds.reduce(0, +))
    }

    @Test("takes longer to find harm that several checks have the false alarms of in common")
    func sharing() throws {
        let three = ["one", "two", "three"].map { Check.compared($0) }
        let step = try outlook(Self.policy(checks: three)).checks[0].steps[0]
        // 37.23 · ln 300 / ln 100 = 46.1.
        #expect(times(step)[0] == .about(.minutes(42)))
    }

    @Test("is never shorter with less traffic as far as findings go", arguments: [0.000_1, 0.005, 0.05])
    func moreTrafficFindsSooner(failing: Double) throws {
        var before: [[ExpectedTime]]?
        for rate in stride(from: 10.0, through: 40_000, by: 410) {
            let outlook = try outlook(Self.policy(), Self.traffic(rate, failing: failing))
            let found = outlook.checks[0].steps.map(times)
            if let before {
                for (sooner, later) in zip(found.joined(), before.joined()) {
                    #expect(sooner <= later, "\(rate) a minute")
                }
            }
            before = found
        }
    }

    @Test("passes sooner with more traffic where the same difference is tolerated")
    func moreTrafficPassesSooner() throws {
        var before: ExpectedTime?
        for rate in stride(from: 100.0, through: 20_000, by: 199) {
            let check = Check.compared("scaled") { $0.harmBudget = rate / 1_000 }
            let total = try outlook(Self.policy(checks: [check]), Self.traffic(rate)).total
            if let before { #expect(total <= before, "\(rate) a minute") }
            before = total
        }
    }

    @Test("is never shorter with burstier failures")
    func burstiness() throws {
        var before: Outlook?
        for burstiness in stride(from: 1.0, through: 20, by: 0.5) {
            let outlook = try outlook(Self.policy(), Self.traffic(1_200, burstiness: burstiness))
            if let before {
                #expect(outlook.total >= before.total)
                for (later, sooner) in zip(outlook.checks[0].steps, before.checks[0].steps) {
                    #expect(zip(times(later), times(sooner)).allSatisfy { $0 >= $1 })
                }
            }
            before = outlook
        }
    }

    @Test("finds larger regressions sooner, and the smallest one just within the bake")
    func smallest() throws {
        let outlook = try outlook()
        for step in outlook.checks[0].steps {
            #expect(times(step) == times(step).sorted(by: >))
        }
        // Five looks at 10 %: between ×2 in 34 and ×5 in 4.
        let smallest = try #require(outlook.checks[0].steps[0].smallestFound)
        #expect(smallest > 4 && smallest < 5)
        // More failures than there are exposures cannot be found.
        let thin = try self.outlook(Self.policy([(10, .zero), (100, .zero)]), Self.traffic(1, failing: 0.9))
        #expect(thin.checks[0].steps[0].smallestFound == nil)
    }

    @Test("waits for bake, looks or samples where those take longer than the evidence")
    func otherPaces() throws {
        let busy = Self.traffic(1_000_000)
        let baked = try outlook(Self.policy([(10, .hours(3)), (50, .zero), (100, .zero)]), busy)
        let seconds: [Double?] = [10_830, 330, 630]
        #expect(baked.steps.map(\.passing.span?.seconds) == seconds)
    }

    @Test("warns of a step that takes longer than the policy waits")
    func warnsOfDeadline() throws {
        let outlook = try outlook(Self.policy(), Self.traffic(60))
        // 125 minutes, the policy pauses after 120.
        #expect(outlook.warnings.map(\.code) == ["undecided-too-long", "may-pass"])
        #expect(
            outlook.warnings[0].text
                == "client-failures at 10 %: a harmless treatment is decided in about 2 h 10 min; the policy pauses after 2h undecided"
        )
        #expect(
            outlook.warnings[1].text
                == "client-failures: a treatment that fails twice as often as it should is tolerated at every step, and may pass before it is found (about 5 h at 50 %)"
        )
        #expect(try self.outlook().warnings.isEmpty)
    }

    @Test("warns of samples that take longer than the policy waits")
    func warnsOfSamples() throws {
        let check = Check.compared("patient") { $0.minimumSamples = 20_000 }
        let warnings = try outlook(Self.policy(checks: [check])).warnings
        #expect(warnings.first?.code == "samples-too-long")
    }

    @Test("knows nothing of a policy without comparisons, or of traffic that nobody has seen")
    func nothing() {
        #expect(Policy.example().outlook(expecting: Self.middling) == nil)
        #expect(Self.policy().outlook(after: [:]) == nil)
        #expect(Self.policy().outlook(after: ["client-failures": .steady(exposures: 0)]) == nil)
    }

    @Test("goes by the control's history before a start")
    func history() throws {
        let outlook = try #require(Self.policy().outlook(after: ["client-failures": .steady()]))
        let traffic = outlook.checks[0].traffic
        #expect(traffic.exposures == 1_200)
        #expect(abs(traffic.failing - 0.005) < 1e-6)
        #expect(traffic.burstiness == 1)
        #expect(outlook.checks[0].steps[0].deciding == .about(.minutes(37)))
    }

    @Test("of a history without a failure counts on half a one, and on bursts")
    func flawlessHistory() throws {
        let history = ControlHistory.steady(failing: 0)
        let outlook = try #require(Self.policy().outlook(after: ["client-failures": history]))
        #expect(outlook.checks[0].traffic.failing == 0.5 / (1_200 * 1_440 + 1))
        // 1 + 1.3 · (3 − 1).
        #expect(abs(outlook.checks[0].traffic.burstiness - 3.6) < 1e-9)
    }
}

@Suite("What is left of a rollout under way")
struct RemainingOutlookTests {
    private static let policy = Policy.example(
        steps: [(10, .minutes(5)), (50, .minutes(10)), (100, .minutes(10))],
        checks: [.clientFailures]
    )
    private static let steady = Weather.arms(
        treatment: ArmCount(exposures: 120, failures: 0.6),
        control: ArmCount(exposures: 1_080, failures: 5.4)
    )

    @Test("shrinks as evidence grows, and leaves out what is behind")
    func shrinks() throws {
        let start = RolloutState.at(10, policy: Self.policy).knowing()
        var before = try #require(start.outlook)
        #expect(before.checks[0].steps.map(\.step) == [0, 1, 2])
        for minutes in [5, 10, 15, 20] {
            let state = start.living(Self.steady, minutes: minutes)
            #expect(state.phase == .progressing(step: 0))
            let outlook = try #require(state.outlook)
            #expect(outlook.total < before.total, "after \(minutes) min")
            before = outlook
        }
        let second = RolloutState.at(50, phase: .progressing(step: 1), policy: Self.policy).knowing()
        #expect(second.outlook?.steps.map(\.step) == [1, 2])
    }

    @Test("is nothing where nothing is being baked", arguments: RolloutState.inEveryPhase(policy))
    func phases(state: RolloutState) {
        #expect((state.knowing().outlook == nil) == !state.phase.isJudged)
    }

    @Test("is nothing while the traffic is not known")
    func unknown() {
        #expect(RolloutState.at(10, policy: Self.policy).outlook == nil)
    }
}

@Suite("An expected time")
struct ExpectedTimeTests {
    static let texts: [(Int64, String)] = [
        (0, "about 1 min"), (30, "about 1 min"), (60, "about 1 min"), (61, "about 2 min"),
        (1_140, "about 19 min"), (1_380, "about 25 min"), (3_420, "about 55 min"), (3_480, "about 1 h"),
        (5_280, "about 1 h 30 min"), (10_200, "about 2 h 50 min"), (10_560, "about 3 h"),
        (30_000, "about 8 h"), (90_000, "over a day"), (691_200, "over a week"), (3_456_000, "over a month"),
    ]

    @Test("reads as exact as it is", arguments: texts)
    func text(seconds: Int64, text: String) {
        #expect(ExpectedTime.about(.seconds(seconds)).text == text)
    }

    @Test("that is infinite, or longer than a year, is never")
    func never() {
        #expect(ExpectedTime(intervals: .infinity, of: .minutes(1)) == .never)
        #expect(ExpectedTime(intervals: 1e300, of: .minutes(1)) == .never)
        #expect(ExpectedTime.never.text == "never at this traffic")
        #expect(ExpectedTime(intervals: 0.2, of: .minutes(1)) == .about(.minutes(1)))
        #expect(ExpectedTime(intervals: .nan, of: .minutes(1)) == .never)
        #expect(ExpectedTime.never > .about(.hours(8_000)))
        #expect(ExpectedTime.never + .about(.zero) == .never)
    }
}
