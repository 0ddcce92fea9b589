import Rollout

/// One query, asked about one moment.
struct InstantQuery: APIQuery {
    var expression: String
    var at: Timestamp

    static let path = "/api/v1/query"

    var fields: [(name: String, value: String)] { [("query", expression), ("time", at.queryText)] }
}
