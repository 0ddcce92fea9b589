/// What the reference simulation of the same procedure gave, over the same services and scenarios.
///
/// It was written first and independently, in another language. Means over the nine services of the grid.
package struct ReferenceSimulation: Sendable {
    package var scenario: Scenario
    /// The share of rollouts that were promoted in spite of the regression.
    package var promoted: Double
    /// Requests that failed for the treatment's sake.
    package var harm: Double

    package static let rows = [
        ReferenceSimulation(scenario: .twice, promoted: 0.11, harm: 33),
        ReferenceSimulation(scenario: .fivefold, promoted: 0.02, harm: 77),
        ReferenceSimulation(scenario: .failing, promoted: 0, harm: 1034),
        ReferenceSimulation(scenario: .ramp, promoted: 0.027, harm: 40),
        ReferenceSimulation(scenario: .late, promoted: 0.07, harm: 372),
    ]

    /// How much worse than it the product may be.
    package static let allowance = 1.1
}
