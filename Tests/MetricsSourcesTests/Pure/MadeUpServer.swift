import Rollout

@testable import MetricsSources

/// Answers the queries that counting asks, from samples, the way Prometheus does.
struct MadeUpServer {
    var series: [MatrixSeries]
    /// Prometheus 2 takes a sample at the very start of a range in; Prometheus 3 leaves it out.
    var takesStartIn: Bool

    /// The replies; nil for a query that counting never asks.
    func answer(_ queries: [InstantQuery]) -> [Reply]? {
        var replies: [Reply] = []
        for query in queries {
            guard let result = result(of: query) else { return nil }
            replies.append(.answer(QueryAnswer(result: result, warnings: [], infos: [])))
        }
        return replies
    }

    private func result(of query: InstantQuery) -> QueryResult? {
        if let text = query.expression.dropped(prefix: "count(last_over_time(events[", suffix: "]))") {
            guard let range = Span(text: text) else { return nil }
            let count = matrix(range, query.at).count
            return .vector(count == 0 ? [] : [VectorElement(labels: [:], value: Double(count))])
        }
        if let text = query.expression.dropped(prefix: "last_over_time(events[", suffix: "])") {
            guard let range = Span(text: text) else { return nil }
            return .vector(
                matrix(range, query.at).map {
                    VectorElement(labels: $0.labels, value: $0.samples.last?.value)
                }
            )
        }
        guard let text = query.expression.dropped(prefix: "events[", suffix: "]"),
            let range = Span(text: text)
        else {
            return nil
        }
        return .matrix(matrix(range, query.at))
    }

    private func matrix(_ range: Span, _ at: Timestamp) -> [MatrixSeries] {
        series.compactMap { one in
            var cut = one
            cut.samples.removeAll {
                $0.at > at || $0.at < at - range || ($0.at == at - range && !takesStartIn)
            }
            return cut.samples.isEmpty ? nil : cut
        }
    }
}

extension String {
    fileprivate func dropped(prefix: String, suffix: String) -> String? {
        guard hasPrefix(prefix), hasSuffix(suffix), count >= prefix.count + suffix.count else { return nil }
        return String(dropFirst(prefix.count).dropLast(suffix.count))
    }
}

/// A generator whose whole run a seed repeats (SplitMix64).
struct Dice: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
