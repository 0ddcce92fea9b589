import Testing

@testable import OperatingCharacteristics

@Suite("A survey")
struct SurveyTests {
    private static let seed: UInt64 = 11

    private func survey(_ candidates: [Candidate], _ scenarios: [Scenario], runs: Int) async -> Survey {
        await Survey(
            candidates,
            in: scenarios,
            runs: Survey.Runs(exact: runs),
            by: Trials(seed: Self.seed, threads: 2)
        )
    }

    @Test("does not depend on the number of threads")
    func threads() async {
        let trials = Candidate.all.filter { !$0.name.hasSuffix("24 h") }.map {
            // More than one portion.
            Trial($0, .burst, Cell(base: 0.02, requestsPerSecond: 1), ladder: .brief, runs: 260)
        }
        let one = await Trials(seed: Self.seed, threads: 1).tallies(of: trials)
        let two = await Trials(seed: Self.seed, threads: 2).tallies(of: trials)
        let other = await Trials(seed: Self.seed + 1, threads: 2).tallies(of: trials)
        #expect(one == two)
        #expect(one != other)
        #expect(one.allSatisfy { $0.runs == 260 })
    }

    @Test("finds the product within its limit of false rollbacks")
    func falseRollbacks() async {
        let survey = await survey([.tidegate], [.none, .shared], runs: 20)
        for scenario in [Scenario.none, .shared] {
            let tallies = survey.tallies(.tidegate, scenario)
            #expect(tallies.count == 9)
            let rollbacks = tallies.reduce(0) { $0 + $1.rolledBack }
            #expect(rollbacks <= 4, "\(scenario.name), seed \(Self.seed): \(rollbacks) of 180")
        }
    }

    @Test("finds the product rolling back what fails five times as often, and promoting what does not")
    func verdicts() async throws {
        let survey = await survey([.tidegate], [.none, .fivefold], runs: 50)
        let busy = Cell(base: 0.005, requestsPerSecond: 20)
        let bad = try #require(survey.tally(.tidegate, .fivefold, busy))
        #expect(bad.runs == 10 && bad.rolledBack == 10)
        #expect((2...10).contains(try #require(bad.medianRollbackLook)))
        #expect(5...25 ~= bad.meanHarm)
        let good = try #require(survey.tally(.tidegate, .none, busy))
        #expect(good.promotionShare > 0.9)
        #expect((30...110).contains(try #require(good.medianPromotionLook)))
    }

    @Test("finds the script blind as it is written, and each rule's weakness")
    func others() async throws {
        let others = Candidate.all.filter { !$0.name.hasPrefix("Tidegate") && $0.name != "Kayenta" }
        let survey = await survey(others, [.none, .failing, .noData], runs: 25)
        let script = try #require(others.first { $0.name == "script, as written" })
        #expect(survey.tallies(script, .failing).allSatisfy { $0.promotionShare == 1 })
        for rule in others where rule.name != script.name {
            #expect(survey.tallies(rule, .failing).allSatisfy { $0.rollbackShare == 1 }, "\(rule.name)")
            #expect(try #require(survey.worst(rule, .none)).rollbackShare > 0.6, "\(rule.name)")
        }
        let ratio = try #require(others.first { $0.name == "fixed ratio" })
        #expect(survey.tallies(ratio, .noData).allSatisfy { $0.promotionShare == 1 })
    }

    @Test("leaves out slow requests for rules whose constant is about failures")
    func fairness() async throws {
        let flagger = try #require(Candidate.all.first { $0.name == "Flagger" })
        let survey = await survey([flagger, .tidegate], [.latency], runs: 5)
        #expect(survey.tallies(flagger, .latency).isEmpty)
        #expect(survey.tallies(.tidegate, .latency).count == 3)
    }
}

extension Ladder {
    fileprivate static let brief = Ladder(shares: [0.10, 0.50, 0.95], looks: 12)
}

@Suite("A rollout")
struct RolloutCourseTests {
    private let traffic = Traffic(Cell(base: 0.01, requestsPerSecond: 20), .failing, seed: 2)

    @Test("counts the harm of the hours after everybody got the treatment")
    func harm() {
        let course = Ladder.whole.course(of: traffic, under: MigrationScript(asks: false))
        #expect(course.end == .promoted)
        #expect(course.looks == 6)
        // 1 minute at 10 %, 5 at 50 %, 234 at 100 %, of 1,200 requests of which 99 % fail for its sake.
        let expected = 1200 * 0.99 * (0.1 + 5 * 0.5 + 234)
        #expect(abs(course.harm / expected - 1) < 0.01)
    }

    @Test("counts no more harm after a rollback")
    func rollback() {
        let course = Ladder.whole.course(of: traffic, under: ArgoRollouts(failureLimit: 0))
        #expect(course.end == .rolledBack && course.looks == 1)
        #expect(abs(course.harm / (1200 * 0.99 * 0.1) - 1) < 0.4)
    }

    @Test("that is held stays at its first step")
    func held() {
        let course = Ladder.held(looks: 50).course(of: traffic, under: MigrationScript(asks: false))
        #expect(course.end == .held && course.looks == 50)
    }

    @Test("says when it was raised during an incident in both arms")
    func raised() {
        let cell = Cell(base: 0.001, requestsPerSecond: 1)
        let shared = Traffic(cell, .shared, seed: 2)
        #expect(Ladder.whole.course(of: shared, under: MigrationScript(asks: false)).isRaisedInIncident)
        let calm = Traffic(cell, .none, seed: 2)
        #expect(!Ladder.whole.course(of: calm, under: MigrationScript(asks: false)).isRaisedInIncident)
    }

    @Test("is tallied with the median of its end")
    func tally() {
        var tally = Tally()
        for looks in [3, 9, 5] { tally.count(RolloutCourse(end: .rolledBack, looks: looks, harm: 2)) }
        tally.count(RolloutCourse(end: .promoted, looks: 40, harm: 6))
        let sum = tally + Tally()
        #expect(sum == tally)
        #expect(sum.medianRollbackLook == 5)
        #expect(sum.meanRollbackLook == 17.0 / 3)
        #expect(sum.medianPromotionLook == 40)
        #expect(sum.rollbackShare == 0.75 && sum.promotionShare == 0.25)
        #expect(sum.meanHarm == 3)
        #expect(Tally().medianRollbackLook == nil)
    }
}
