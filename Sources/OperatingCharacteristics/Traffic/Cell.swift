/// One kind of service: how often it fails, and how much it is used.
package struct Cell: Sendable, Hashable {
    /// The share of requests that fail without the treatment, 0…1.
    package var base: Double
    package var requestsPerSecond: Double

    package init(base: Double, requestsPerSecond: Double) {
        self.base = base
        self.requestsPerSecond = requestsPerSecond
    }

    /// Requests of both arms between two looks, a minute.
    package var requestsPerLook: Double { requestsPerSecond * 60 }

    /// From a quiet service to a busy one, from a sound one to a shaky one.
    package static let grid = [0.001, 0.005, 0.02].flatMap { base in
        [1, 20, 500].map { Cell(base: base, requestsPerSecond: $0) }
    }
}
