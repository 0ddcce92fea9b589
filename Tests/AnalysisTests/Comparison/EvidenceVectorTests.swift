import Analysis
import Testing

@Suite("Evidence is what an independent implementation finds")
struct EvidenceVectorTests {
    private let vectors: ComparisonVectors
    private let tolerance: ComparisonVectors.Tolerance

    init() throws {
        vectors = try ComparisonVectors.read()
        tolerance = vectors.meta.tolerance
    }

    private func expect(_ found: Double, _ expected: Double, _ row: Any) {
        #expect(tolerance.allows(found, for: expected), "\(found) for \(row)")
    }

    @Test("in every section of the file, with every row of it")
    func complete() {
        let found = [
            "two_arm_log_e": vectors.twoArms.count,
            "one_arm_log_e": vectors.oneArm.count,
            "any_time_bound": vectors.anytimeBound.count,
            "phi_from_history": vectors.dispersion.count,
            "wald_bound_ticks": vectors.fewestLooks.count,
            "combine_mean": vectors.mean.count,
            "rho_bound": vectors.ratioBound.count,
            "sequences": vectors.sequences.count,
            "ticks": vectors.sequences.reduce(0) { $0 + $1.events.count { $0.tick != nil } },
        ]
        #expect(found == vectors.meta.counts)
        #expect(found["ticks"] == 619)
    }

    @Test("of two arms")
    func twoArms() {
        for row in vectors.twoArms {
            let found = LogEValue.twoArms(
                ComparedCounts(
                    treatment: ArmCount(exposures: row.n, failures: row.a),
                    control: ArmCount(exposures: row.m, failures: row.b)
                ),
                against: Margin(ratio: row.rho0, addition: row.delta),
                alternative: row.rho1
            )
            expect(found, row.logE, row)
        }
    }

    @Test("of one arm")
    func oneArm() {
        for row in vectors.oneArm {
            let arm = ArmCount(exposures: row.n, failures: row.a)
            expect(LogEValue.oneArm(arm, against: row.q0, factor: row.psi), row.logE, row)
        }
    }

    @Test("as a bound on a share that holds at any time")
    func anytimeBound() {
        for row in vectors.anytimeBound {
            let side: Proportion.Side = row.upper ? .upper : .lower
            expect(Proportion.anytimeBound(row.x, of: row.n, error: row.alpha, side), row.bound, row)
        }
    }

    @Test("as the scatter of history")
    func dispersion() throws {
        for row in vectors.dispersion {
            let history = row.history.map { ArmCount(exposures: $0[1], failures: $0[0]) }
            expect(Dispersion.prior(from: history), row.phi, row)
        }
    }

    @Test("as the fewest looks that any test needs")
    func fewestLooks() {
        for row in vectors.fewestLooks {
            let found = Expectation.fewestLooks(
                toRefute: ArmCount(exposures: row.n, failures: row.n * row.pT),
                beside: ArmCount(exposures: row.m, failures: row.m * row.pC),
                error: row.alpha
            )
            expect(found, row.ticks, row)
        }
    }

    @Test("as the mean of several metrics")
    func mean() {
        for row in vectors.mean {
            expect(LogEValue.mean(row.logEs), row.logE, row)
        }
    }

    @Test("as bounds on the ratio of both arms")
    func ratioBound() {
        for row in vectors.ratioBound {
            let looks = row.ticks.map {
                ComparedCounts(
                    treatment: ArmCount(exposures: $0[0], failures: $0[1]),
                    control: ArmCount(exposures: $0[2], failures: $0[3])
                )
            }
            let found = RatioBound.bound(looks, error: row.alpha, row.lower ? .lower : .upper)
            expect(found, row.bound, row.name)
        }
    }
}
