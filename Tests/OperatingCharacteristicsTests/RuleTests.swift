import Analysis
import Testing

@testable import OperatingCharacteristics

/// A minute as a rule sees it.
private func minute(_ treatment: (Double, Double), _ control: (Double, Double) = (900, 4)) -> ComparedCounts {
    ComparedCounts(
        treatment: ArmCount(exposures: treatment.0, failures: treatment.1),
        control: ArmCount(exposures: control.0, failures: control.1)
    )
}

private let healthy = minute((100, 0))
private let bad = minute((100, 5))
private let idle = minute((0, 0))

/// What a rule says to each minute; whenever it passes a step the next one begins.
private func decisions(_ rule: some RolloutRule, _ minutes: [ComparedCounts?]) -> [RuleDecision] {
    var rule = rule
    guard var position = Ladder.whole.position(at: 0) else { return [] }
    rule.begin(position)
    return minutes.map { minute in
        let decision = rule.look(at: minute)
        if decision == .advance, let next = Ladder.whole.position(at: position.step + 1) {
            position = next
            rule.begin(position)
        }
        return decision
    }
}

/// The minute of the first decision that is not to hold, from 1, and that decision.
private func first(_ decisions: [RuleDecision]) -> (Int, RuleDecision)? {
    decisions.firstIndex { $0 != .hold }.map { ($0 + 1, decisions[$0]) }
}

private func many(_ minute: ComparedCounts?, _ count: Int) -> [ComparedCounts?] {
    Array(repeating: minute, count: count)
}

@Suite("The migration script")
struct MigrationScriptTests {
    @Test("promotes everything as it is written, after six minutes", arguments: [healthy, bad, nil])
    func asWritten(minute: ComparedCounts?) {
        let said = decisions(MigrationScript(asks: false), many(minute, 6))
        #expect(said == [.advance, .hold, .hold, .hold, .hold, .complete])
    }

    @Test("promotes on an empty result also with its query mended")
    func emptyResult() {
        #expect(decisions(MigrationScript(asks: true), many(nil, 6)).last == .complete)
    }

    @Test("counts failures per second of both arms, whatever the traffic is")
    func absolute() {
        let three = minute((1000, 3), (100_000, 0))
        #expect(decisions(MigrationScript(asks: true), [three])[0] == .advance, "3 in 300 s are 0.01")
        let four = minute((1000, 0), (100_000, 4))
        #expect(decisions(MigrationScript(asks: true), [four])[0] == .rollBack)
    }

    @Test("does not look between its two looks")
    func twoLooks() {
        let quiet = minute((100, 0), (900, 0))
        let said = decisions(MigrationScript(asks: true), [quiet, bad, bad, bad, bad, quiet])
        #expect(said == [.advance, .hold, .hold, .hold, .hold, .rollBack])
    }
}

@Suite("Argo Rollouts")
struct ArgoRolloutsTests {
    @Test("passes a step with its tenth good measurement")
    func count() throws {
        let said = try #require(first(decisions(ArgoRollouts(failureLimit: 0), many(healthy, 10))))
        #expect(said == (10, .advance))
    }

    @Test("fails on 0/0: NaN misses the condition")
    func notANumber() throws {
        let said = try #require(first(decisions(ArgoRollouts(failureLimit: 0), many(idle, 2))))
        #expect(said == (1, .rollBack))
    }

    @Test("tolerates as many failed measurements as failureLimit, and not one more")
    func failureLimit() throws {
        let said = try #require(first(decisions(ArgoRollouts(failureLimit: 3), many(bad, 5))))
        #expect(said == (4, .rollBack))
    }

    @Test("forgets failed measurements with the step")
    func steps() {
        // One bad minute is in five windows.
        let step = many(healthy, 5) + [minute((100, 2))] + many(healthy, 4)
        let said = decisions(ArgoRollouts(failureLimit: 3), step + step)
        #expect(said.filter { $0 != .hold } == [.advance, .advance])
    }

    @Test("aborts within a minute when the result is empty, but not while the window has data")
    func empty() throws {
        let said = try #require(first(decisions(ArgoRollouts(failureLimit: 0), many(nil, 2))))
        #expect(said == (1, .rollBack))
        let later = try #require(
            first(decisions(ArgoRollouts(failureLimit: 0), [healthy] + many(nil, 5)))
        )
        #expect(later == (6, .rollBack))
    }
}

@Suite("Flagger")
struct FlaggerTests {
    @Test("rolls back one interval after the failed check that reached the threshold")
    func late() throws {
        let said = try #require(first(decisions(Flagger(threshold: 5), many(bad, 6))))
        #expect(said == (6, .rollBack))
    }

    @Test("never forgets a failed check: not for good ones in between, not for a new step")
    func cumulative() {
        let good = many(healthy, 10)
        let said = decisions(Flagger(threshold: 5), [bad, bad] + good + [bad, bad] + good + [bad, healthy])
        #expect(said.filter { $0 != .hold } == [.advance, .advance, .rollBack])
        #expect(said.last == .rollBack)
    }

    @Test("takes a minute without values for a failed check", arguments: [nil, idle])
    func noValues(minute: ComparedCounts?) throws {
        let said = try #require(first(decisions(Flagger(threshold: 5), many(minute, 6))))
        #expect(said == (6, .rollBack))
    }

    @Test("passes exactly 99 % of successes")
    func least() throws {
        let said = try #require(first(decisions(Flagger(threshold: 1), many(minute((100, 1)), 10))))
        #expect(said == (10, .advance))
    }
}

@Suite("Kayenta")
struct KayentaTests {
    @Test("scores 0 where an arm has no data, at its first judgement")
    func noData() throws {
        let said = try #require(first(decisions(Kayenta(), many(nil, 12))))
        #expect(said == (10, .rollBack))
    }

    @Test("passes a step after its third judgement where both arms are alike")
    func alike() throws {
        let same = minute((100, 1), (100, 1))
        let said = try #require(first(decisions(Kayenta(), many(same, 40))))
        #expect(said == (30, .advance))
    }

    @Test("finds a clear shift at its first judgement, whatever the minutes' order is")
    func shift() throws {
        let minutes = (0..<10).map { number in
            minute((100, Double(10 + number % 3)), (100, Double(number % 4)))
        }
        let said = try #require(first(decisions(Kayenta(), minutes.reversed())))
        #expect(said == (10, .rollBack))
    }

    @Test("estimates the shift by the median of all differences")
    func estimate() {
        let shift = MannWhitney.shift(of: [3, 4, 5], from: [1, 2])
        #expect(shift == MannWhitney.Shift(estimate: 2.5, lower: -.infinity), "1 2 2 3 3 4")
        #expect(MannWhitney.shift(of: [1, 1], from: [1]) == nil)
    }

    @Test("has the confidence bound of the normal approximation")
    func bound() throws {
        // Ten against ten without ties: variance 175, rank ⌊50 − 2.3263 · 13.229⌋ = 19.
        let one = stride(from: 0.0, to: 1000, by: 100).map(\.self)
        let other = stride(from: 1.0, to: 100, by: 10).map(\.self)
        let shift = try #require(MannWhitney.shift(of: one, from: other))
        #expect(shift.lower == differences(one, other)[18])
    }

    private func differences(_ one: [Double], _ other: [Double]) -> [Double] {
        one.flatMap { x in other.map { y in x - y } }.sorted()
    }

    @Test("widens nothing for ties: they make the variance smaller")
    func ties() throws {
        // Eight ones among 16: variance 64/12 · (17 − 504/240) = 79.5, rank ⌊32 − 20.7⌋ = 11; without ties it were 9.
        let one = [1.0, 1, 1, 1, 3, 8, 20, 50]
        let other = [1.0, 1, 1, 1, 2, 7, 15, 31]
        let shift = try #require(MannWhitney.shift(of: one, from: other))
        #expect(shift.lower == differences(one, other)[10])
        #expect(shift.lower == -12)
    }
}

@Suite("A fixed ratio")
struct FixedRatioTests {
    @Test("rolls back on the first breach over five minutes")
    func breach() throws {
        let even = minute((100, 1), (100, 1))
        let double = minute((100, 8), (100, 1))
        let said = try #require(first(decisions(FixedRatio(most: 2), [even, even, even, double])))
        #expect(said == (4, .rollBack), "11 against 4")
    }

    @Test("passes a step after ten minutes, also where nothing is known")
    func passes() throws {
        let said = try #require(first(decisions(FixedRatio(most: 2), many(nil, 10))))
        #expect(said == (10, .advance))
    }
}

@Suite("The product's comparison")
struct ComparisonRuleTests {
    private let traffic = Traffic(Cell(base: 0.005, requestsPerSecond: 20), .none, seed: 3)

    @Test("rolls back after half an hour without metrics, and begins to wait anew with every answer")
    func blind() {
        let rule = ComparisonRule(traffic, history: .hour)
        #expect(decisions(rule, many(nil, 30)).last == .rollBack)
        let interrupted = decisions(rule, many(nil, 29) + [healthy] + many(nil, 29))
        #expect(interrupted.allSatisfy { $0 == .hold })
    }

    @Test("rolls back a treatment that is silent while the control talks")
    func silent() throws {
        let silence = minute((0, 0), (1080, 5))
        let said = try #require(first(decisions(ComparisonRule(traffic, history: .hour), many(silence, 10))))
        #expect(said == (5, .rollBack))
    }

    @Test("waits where nobody does anything")
    func idleService() {
        let nothing = minute((0, 0), (0, 0))
        let said = decisions(ComparisonRule(traffic, history: .hour), many(nothing, 60))
        #expect(said.allSatisfy { $0 == .hold })
    }

    @Test("passes no step during an incident that hits both arms, however alike they are")
    func incident() throws {
        let calm = minute((120, 0.6), (1080, 5.4))
        let burning = minute((120, 6), (1080, 54))
        var hasty = ComparisonSettings()
        hasty.holdsDuringIncidents = false
        for history in [ComparisonRule.History.hour, .day] {
            let unwatched = ComparisonRule(traffic, history: history, settings: hasty)
            #expect(decisions(unwatched, many(burning, 40)).contains(.advance), "there is something to hold")
            let rule = ComparisonRule(traffic, history: history)
            let said = decisions(rule, many(burning, 40) + many(calm, 120))
            let passed = said.firstIndex(of: .advance)
            #expect(passed.map { $0 >= 40 } == true, "after \(history): passed at \(passed ?? -1)")
            #expect(!said.contains(.rollBack), "after \(history)")
        }
    }

    @Test("passes no step on a minute without a client that has the control")
    func idleControl() {
        let busy = Traffic(Cell(base: 0.005, requestsPerSecond: 500), .none, seed: 3)
        let better = minute((3000, 0), (27_000, 135))
        let rule = ComparisonRule(busy, history: .hour)
        let said = decisions(rule, many(better, 4) + [minute((3000, 0), (0, 0)), better])
        #expect(said.suffix(2) == [.hold, .advance])
        #expect(decisions(rule, many(better, 5)).last == .advance, "four looks have shown enough")
    }

    @Test("passes no step with fewer than 100 clients that have the treatment")
    func fewSamples() throws {
        let shaky = Traffic(Cell(base: 0.5, requestsPerSecond: 20), .none, seed: 3)
        let good = minute((10, 0), (900, 450))
        let said = try #require(first(decisions(ComparisonRule(shaky, history: .day), many(good, 20))))
        #expect(said == (10, .advance))
    }

    @Test("rolls back at once when everything fails")
    func failing() throws {
        let failing = minute((120, 120), (1080, 5))
        let said = try #require(first(decisions(ComparisonRule(traffic, history: .hour), [failing])))
        #expect(said == (1, .rollBack))
    }
}
