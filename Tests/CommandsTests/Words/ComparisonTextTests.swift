import Analysis
import Assignment
import FoundationEssentials
import Rollout
import Stepping
import Testing
import TidegateTestKit

@testable import Commands

@Suite("A comparison, to people and programs")
struct ComparisonTextTests {
    private func expect(_ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) {
        Golden.expect(
            text,
            matches: Golden.fixtures("../Golden") + "/words/\(name).txt",
            sourceLocation: sourceLocation
        )
    }

    @Test("reads as it was looked at", arguments: ComparedRollout.allCases)
    func golden(rollout: ComparedRollout) {
        let status = rollout.view("status")
        let step = rollout.view("step")
        let text =
            ["$ tidegate step sse.yaml"] + step.shortText(.plain) + ["", "$ tidegate status sse.yaml"]
            + status.text(.plain)
        expect(text.joined(separator: "\n") + "\n", rollout.rawValue)
    }

    @Test("is at most 80 columns wide", arguments: ComparedRollout.allCases)
    func width(rollout: ComparedRollout) {
        let lines = rollout.view("plan").text(.plain) + rollout.view("step").shortText(.plain)
        for line in lines { #expect(line.count <= 80, "\(line)") }
    }

    @Test("of a plan says how long it will take and what it can find", arguments: [20.0, 1, 500])
    func plan(rate: Double) throws {
        let policy = ComparedRollout.policy()
        let history = ControlHistory.steady(exposures: rate * 60)
        var view = RolloutView(kind: "plan", policy: policy, sightings: [], subject: "sse.yaml")
        view.decision = .notStarted
        view.foreseen = policy.outlook(after: ["client-failures": history])
        let lines = view.text(.plain)
        expect(lines.joined(separator: "\n") + "\n", "plan-\(Int(rate))-per-second")
        for line in lines { #expect(line.count <= 80, "\(line)") }
    }

    @Test(
        "of a plan in the middle of a rollout says what is left",
        arguments: [ComparedRollout.undecided, .several]
    )
    func planUnderWay(rollout: ComparedRollout) {
        expect(rollout.view("plan").text(.plain).joined(separator: "\n") + "\n", "plan-\(rollout.rawValue)")
    }

    @Test("as JSON has the counts, both evidences and what would end a hold")
    func json() throws {
        struct Rollout: Decodable { var checks: [Check] }
        struct Check: Decodable { var comparison: Comparison }
        struct Comparison: Decodable {
            var treatment: Count
            var control: Count
            var against: String
            var ratio: Double
            var harm: Evidence
            var harmlessness: Evidence
            var sharing: Int
            var burstiness: Double
            var exposuresPerMinute: Double
            var intervals: Int
            var intervalsNeeded: Int
            var resolution: String
            var decidingSeconds: Double
        }
        struct Count: Decodable, Equatable {
            var exposures: Double
            var failures: Double
        }
        struct Evidence: Decodable {
            var reached: Double
            var needed: Double
            var progress: Double
            var shown: String
        }
        let text = try JSONText.encode(ComparedRollout.undecided.view("status"))
        let rollout = try JSONDecoder().decode(Rollout.self, from: Data(text.utf8))
        let comparison = try #require(rollout.checks.first).comparison
        #expect(comparison.treatment == Count(exposures: 960, failures: 6))
        #expect(comparison.control == Count(exposures: 8_640, failures: 42))
        #expect(comparison.against == "control")
        #expect(abs(comparison.ratio - 6.0 / 960 / (42.0 / 8_640)) < 1e-12)
        #expect(abs(comparison.harm.needed - 1 / 0.0098) < 1e-9)
        #expect(abs(comparison.harmlessness.needed - 20) < 1e-9)
        #expect((0...1).contains(comparison.harm.progress))
        #expect(comparison.intervals == 6 || comparison.intervals == 7)
        #expect(comparison.intervalsNeeded == 5)
        #expect(comparison.sharing == 1)
        // Of the first interval there is only what passed since the confirmation less the lag.
        #expect((1_200...1_250).contains(comparison.exposuresPerMinute))
        #expect(!comparison.resolution.isEmpty)
        #expect(comparison.decidingSeconds > 0)
    }

    @Test("as JSON is finite however much evidence there is", arguments: ComparedRollout.allCases)
    func finite(rollout: ComparedRollout) throws {
        var state = rollout.transition.state
        for _ in 0..<5 {
            state = state.living(
                .arms(
                    treatment: .init(exposures: 1e7, failures: 9e6),
                    control: .init(exposures: 1e7, failures: 1)
                ),
                minutes: 30
            )
        }
        let view = RolloutView(kind: "status", state: state, sightings: [], subject: "sse.yaml")
        #expect(try JSONText.encode(view).hasPrefix("{"))
    }

    @Test(
        "explained is full sentences",
        arguments: [ComparedRollout.undecided, .lastStep, .noControl, .several]
    )
    func explain(rollout: ComparedRollout) {
        let lines = Explanation(rollout.transition.state).text(isPolicyAccepted: true, .plain)
        expect(lines.joined(separator: "\n") + "\n", "explain-\(rollout.rawValue)")
        for line in lines { #expect(line.count <= 80, "\(line)") }
    }

    @Test("explained before a start is what the policy will do")
    func explainPolicy() {
        let policy = ComparedRollout.policy(checks: [.clientFailures, .ceiling, .latency])
        let lines = Explanation(policy).text(isPolicyAccepted: true, .plain)
        expect(lines.joined(separator: "\n") + "\n", "explain-policy")
    }

    @Test("assumed by lint is a row for each traffic, or every step of one", arguments: [nil, "20/s"])
    func lint(rate: String?) throws {
        var options = TrafficOptions()
        options.traffic = rate.flatMap { TrafficRate(argument: $0) }
        options.failing = FailingShare(share: 0.005)
        let policy = ComparedRollout.policy()
        let outlooks = options.assumed.compactMap { policy.outlook(expecting: $0) }
        let lines = AssumedOutlookText(outlooks: outlooks).lines(.plain)
        expect(lines.joined(separator: "\n") + "\n", rate == nil ? "lint" : "lint-20-per-second")
        for line in lines { #expect(line.count <= 80, "\(line)") }
    }

    static let rates: [(String, Double?)] = [
        ("20/s", 1_200), ("300/m", 300), ("300/min", 300), ("5000/h", 5_000.0 / 60), ("0.5/s", 30),
        ("20", nil),
        ("/s", nil), ("-1/s", nil), ("0/s", nil), ("nan/s", nil), ("20/d", nil), ("20/s/s", nil),
        ("inf/s", nil),
    ]

    @Test("takes traffic with its unit only", arguments: rates)
    func rate(text: String, perMinute: Double?) {
        #expect(TrafficRate(argument: text)?.perMinute == perMinute)
    }

    static let shares: [(String, Double?)] = [
        ("0.5%", 0.005), ("2%", 0.02), ("0.5", nil), ("0%", nil), ("100%", nil), ("-1%", nil), ("%", nil),
        ("nan%", nil),
    ]

    @Test("takes a share of failures in percent only", arguments: shares)
    func share(text: String, share: Double?) {
        #expect(FailingShare(argument: text)?.share == share)
    }
}

@Suite("A bar of evidence")
struct EvidenceBarTests {
    @Test("shows something as something, and only enough as enough")
    func filled() {
        #expect(EvidenceBar.filled(0, of: 10) == 0)
        #expect(EvidenceBar.filled(1e-9, of: 10) == 1)
        #expect(EvidenceBar.filled(0.55, of: 10) == 5)
        #expect(EvidenceBar.filled(0.999_999, of: 10) == 9)
        #expect(EvidenceBar.filled(1, of: 10) == 10)
    }
}
