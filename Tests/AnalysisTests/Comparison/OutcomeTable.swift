import Analysis

/// How many of an arm's exposures fail, with its probability, where each fails independently with its own share.
struct FailureDistribution {
    /// Of 0, 1, 2, … failures.
    let probabilities: [Double]

    init(_ shares: [Double]) {
        probabilities = shares.reduce([1]) { known, share in
            (0...known.count).map { failures in
                let spared = failures < known.count ? known[failures] * (1 - share) : 0
                let failed = failures > 0 ? known[failures - 1] * share : 0
                return spared + failed
            }
        }
    }

    /// Independent clients, each of whom fails with all its exposures or with none.
    init(clients: [Double], exposuresEach size: Int) {
        let whole = FailureDistribution(clients).probabilities
        probabilities = (0...clients.count * size).map { failures in
            failures.isMultiple(of: size) ? whole[failures / size] : 0
        }
    }
}

/// The e-value of every outcome of one look.
struct OutcomeTable {
    /// By failures of the treatment, then of the control.
    private let values: [[Double]]

    /// Tries every outcome once.
    ///
    /// - Parameters:
    ///   - exposures: Of each arm.
    ///   - value: The e-value of an outcome.
    init(exposures: (treatment: Int, control: Int), value: (ComparedCounts) -> Double) {
        values = (0...exposures.treatment).map { failed in
            (0...exposures.control).map { controlFailed in
                value(
                    ComparedCounts(
                        treatment: ArmCount(
                            exposures: Double(exposures.treatment),
                            failures: Double(failed)
                        ),
                        control: ArmCount(
                            exposures: Double(exposures.control),
                            failures: Double(controlFailed)
                        )
                    )
                )
            }
        }
    }

    /// What it is on average.
    func mean(treatment: FailureDistribution, control: FailureDistribution) -> Double {
        zip(treatment.probabilities, values).reduce(0) { sum, row in
            sum + row.0 * zip(control.probabilities, row.1).reduce(0) { $0 + $1.0 * $1.1 }
        }
    }
}

/// Ways in which exposures of one average share may differ among each other.
enum Unevenness: CaseIterable {
    case none
    case halves
    case one

    /// Shares of `count` exposures with this average.
    func shares(_ average: Double, count: Int) -> [Double] {
        guard count > 1, self != .none else { return Array(repeating: average, count: count) }
        // As much as possible on some, and what is left on the others.
        let favoured = self == .one ? 1 : count / 2
        let total = average * Double(count)
        let most = min(1, total / Double(favoured))
        let rest = max(0, total - most * Double(favoured)) / Double(count - favoured)
        return (0..<count).map { $0 < favoured ? most : rest }
    }
}
