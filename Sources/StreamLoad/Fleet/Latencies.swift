/// How long many things of one kind took.
package struct Latencies: Sendable {
    /// In nanoseconds, ascending.
    private let sorted: [UInt64]

    package init(_ nanoseconds: [UInt64]) {
        sorted = nanoseconds.sorted()
    }

    package var count: Int { sorted.count }

    /// The smallest that at least this share of them do not exceed, in milliseconds.
    ///
    /// - Parameter share: Above 0, up to 1.
    /// - Returns: Milliseconds; infinite where there are none at all.
    package func milliseconds(at share: Double) -> Double {
        let rank = Int((Double(sorted.count) * share).rounded(.up))
        guard sorted.indices.contains(rank - 1) else { return .infinity }
        return Double(sorted[rank - 1]) / 1e6
    }
}

extension [Double] {
    /// The middle one, the upper of two; NaN where there are none.
    package var median: Double { isEmpty ? .nan : sorted()[count / 2] }
}

extension Duration {
    /// Whole nanoseconds; 0 for a negative one.
    package var nanoseconds: UInt64 {
        let parts = components
        return UInt64(max(0, parts.seconds * 1_000_000_000 + parts.attoseconds / 1_000_000_000))
    }

    package var seconds: Double { Double(nanoseconds) / 1e9 }
}
