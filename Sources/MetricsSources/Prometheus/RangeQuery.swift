import Rollout

/// One query, asked about every point of a grid.
struct RangeQuery: APIQuery {
    var expression: String
    /// The first point.
    var from: Timestamp
    /// The last point: a whole number of steps later.
    var through: Timestamp
    var step: Span

    static let path = "/api/v1/query_range"

    var fields: [(name: String, value: String)] {
        [
            ("query", expression), ("start", from.queryText), ("end", through.queryText),
            ("step", step.queryText),
        ]
    }
}
