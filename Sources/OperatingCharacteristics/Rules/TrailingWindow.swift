import Analysis

/// The counts of the last five minutes, as `increase(…[5m])` has them.
///
/// Minutes that could not be read are missing from it; what was before the rollout is not in it.
struct TrailingWindow: Sendable {
    static let minutes = 5
    private var counts: [ComparedCounts?] = []

    mutating func append(_ minute: ComparedCounts?) {
        counts = (counts + [minute]).suffix(Self.minutes)
    }

    /// Nil where none of the minutes could be read: an empty result.
    var sum: ComparedCounts? {
        let known = counts.compactMap(\.self)
        return known.isEmpty ? nil : known.reduce(ComparedCounts(), +)
    }
}
