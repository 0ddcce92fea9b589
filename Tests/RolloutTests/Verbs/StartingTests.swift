import Assignment
import Rollout
import Testing
import TidegateTestKit

@Suite("Starting")
struct StartingTests {
    private let now = Timestamp.newYear + .hours(1)

    private func start(
        fromStep: Int? = nil,
        reason: String? = "fixed",
        adopts: Bool = false,
        policy: Policy = .example()
    ) -> StartRequest {
        StartRequest(
            policy: policy,
            policyDigest: "sha256:new",
            request: Request(actor: "ada", reason: reason),
            fromStep: fromStep,
            adopts: adopts
        )
    }

    private let absent = [Sighting(identity: "file:/flags-0.json", shown: .absent)]

    private func shows(_ allocation: Allocation) -> [Sighting] {
        [Sighting(identity: "file:/flags-0.json", shown: .allocation(allocation))]
    }

    @Test("raises to the first step, and enters it only once that is confirmed")
    func first() throws {
        let transition = try start().transition(from: nil, sightings: absent, at: now)
        #expect(transition.effect == .raise(to: .showing(10, revision: 1)))
        #expect(transition.state.phase == .ready)
        #expect(transition.state.generation == 1)
        let confirmed = transition.state.confirming(
            "file:/flags-0.json",
            shows: .showing(10, revision: 1),
            at: now
        )
        #expect(confirmed.phase == .progressing(step: 0))
        #expect(confirmed.progress.confirmedAt == now)
    }

    @Test("begins above every revision of store and target")
    func revision() throws {
        let former = RolloutState.at(0, phase: .rolledBack(.blind))
        for (shown, expected) in [(2, 4), (3, 4), (41, 42)] {
            let transition = try start(fromStep: 0).transition(
                from: former,
                sightings: shows(.showing(0, revision: shown)),
                at: now
            )
            #expect(transition.effect == .raise(to: .showing(10, revision: expected)))
        }
    }

    @Test("leaves a rollback only with a step and a reason")
    func latch() throws {
        let former = RolloutState.at(0, phase: .rolledBack(.blind))
        for request in [
            start(), start(fromStep: 1, reason: nil), start(fromStep: 1, reason: ""), start(adopts: true),
        ] {
            #expect(throws: Refused.self) {
                try request.transition(from: former, sightings: former.untouched, at: now)
            }
        }
        let transition = try start(fromStep: 1).transition(from: former, sightings: former.untouched, at: now)
        #expect(transition.state.generation == 2)
        #expect(transition.state.policy.salt == former.policy.salt)
        #expect(transition.effect == .raise(to: .showing(50, revision: 4)))
    }

    @Test("is the only way out of a rollback", arguments: Verb.allCases)
    func onlyWayOut(verb: Verb) throws {
        let state = RolloutState.at(0, phase: .rolledBack(.blind))
        let others: [Verb: (RolloutState) throws -> RolloutState] = [
            .step: { $0.ticked(.healthy, after: .hours(9)).state },
            .promote: { try $0.promoted(by: .ada, at: now).state },
            .pause: { try $0.paused(by: .ada, at: now).state },
            .resume: { try $0.resumed(by: .ada, answering: nil, sightings: $0.untouched, at: now).state },
            .acceptPolicy: { try $0.accepting($0.policy, digest: "new", by: .ada, at: now).state },
            .rollback: { $0.rolledBack(by: .ada, at: now).state },
        ]
        guard let other = others[verb] else {
            #expect(verb == .start)
            return
        }
        let after = (try? other(state)) ?? state
        #expect(after.phase.name == .rolledBack)
        #expect(after.confirmed.exposure == .zero)
        #expect((after.intent?.allocation.exposure ?? .zero) == .zero)
    }

    @Test("refuses a step the policy does not have", arguments: [-1, 3, Int.max])
    func steps(step: Int) {
        #expect(throws: Refused.self) {
            try start(fromStep: step).transition(from: nil, sightings: absent, at: now)
        }
    }

    @Test("refuses what cannot be read, or is already on")
    func targets() {
        let unreadable = [Sighting(identity: "file:/flags-0.json", shown: .unavailable("not JSON"))]
        for sightings in [unreadable, shows(.showing(1, revision: 1))] {
            #expect(throws: Refused.self) { try start().transition(from: nil, sightings: sightings, at: now) }
        }
    }

    @Test("waits until the last rollout's order is confirmed everywhere")
    func unsettled() {
        var former = RolloutState.at(0, phase: .rolledBack(.blind))
        former.intent = .lower(to: .showing(0, revision: 4))
        #expect(throws: Refused.self) {
            try start(fromStep: 0).transition(from: former, sightings: absent, at: now)
        }
    }

    @Test(
        "adopts what is shown, exposing nobody new",
        arguments: [(5.0, 0), (10, 0), (30, 0), (50, 1), (100, 2)]
    )
    func adopts(percent: Double, step: Int) throws {
        let transition = try start(adopts: true).transition(
            from: nil,
            sightings: shows(.showing(percent, revision: 7)),
            at: now
        )
        #expect(transition.decision == .adopted)
        #expect(transition.state.phase == .progressing(step: step))
        #expect(transition.effect == .lower(to: .showing(percent, revision: 8)))
        let confirmed = transition.state.confirming(
            "file:/flags-0.json",
            shows: .showing(percent, revision: 8),
            at: now
        )
        #expect(confirmed.progress.confirmedAt == now)
        #expect(confirmed.confirmed.exposure == .percent(percent))
    }

    @Test("adopts neither nothing, nor other clients, nor targets that differ")
    func refusesToAdopt() {
        let off = shows(.showing(0, revision: 7))
        let salted = shows(.showing(10, revision: 7, salt: "other"))
        for sightings in [off, salted, absent, absent + shows(.showing(10, revision: 7))] {
            #expect(throws: Refused.self) {
                try start(adopts: true).transition(from: nil, sightings: sightings, at: now)
            }
        }
    }

    @Test("a flag that was never started is rolled back and latched all the same")
    func rollbackUnstarted() {
        let transition = start().rollback(sightings: shows(.showing(30, revision: 7)), at: now)
        #expect(transition.effect == .lower(to: .showing(0, revision: 8)))
        #expect(transition.state.phase.name == .rolledBack)
    }

    @Test(
        "is refused where a question cannot be answered",
        arguments: FailDirectionTests.unusable.map(\.weather)
    )
    func preflight(weather: Weather) {
        let policy = Policy.example()
        let measurements = weather.measurements(of: policy.trialQuestions(at: now))
        guard case .noSignal? = measurements.first?.outcome else {
            if case .value = measurements.first?.outcome { return }
            #expect(throws: Refused.self) {
                try policy.checkAnswerable(measurements, acceptingNoData: false)
            }
            return
        }
        #expect(throws: Never.self) { try policy.checkAnswerable(measurements, acceptingNoData: false) }
    }

    @Test("needs no failures yet, and no series at all where that is known")
    func preflightWithoutData() throws {
        let policy = Policy.example()
        let questions = policy.trialQuestions(at: now)
        let noFailures = Weather.healthy.except(.failures, .noData).measurements(of: questions)
        try policy.checkAnswerable(noFailures, acceptingNoData: false)
        try policy.checkAnswerable(Weather.always(.noData).measurements(of: questions), acceptingNoData: true)
        #expect(throws: Refused.self) {
            let refused = Weather.always(.refused(.credentials, message: "401"))
            try policy.checkAnswerable(refused.measurements(of: questions), acceptingNoData: true)
        }
    }
}
