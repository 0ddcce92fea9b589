/// How long the treatment has said nothing while the control talked.
///
/// Clients that are dead send no failures either.
package struct Silence: Sendable, Equatable, Codable {
    package private(set) var looks = 0
    /// Exposures of the treatment that were to be expected meanwhile.
    package private(set) var expected = 0.0

    package init() {}

    mutating func goOn(expecting exposures: Double) {
        looks += 1
        expected += exposures
    }

    mutating func end() { self = Silence() }

    /// From when on a silence is a breach.
    package struct Limit: Sendable, Equatable {
        package var looks: Int
        package var exposures: Double
    }

    /// Whether it was too long to be chance.
    package func reaches(_ limit: Limit) -> Bool {
        looks >= limit.looks && expected >= limit.exposures
    }
}
