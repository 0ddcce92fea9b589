import Yams

/// The alert rules that come along, as Prometheus reads them.
struct AlertRules: Decodable {
    static let path = "Policies/monitoring/alerts.yaml"
    static let testPath = "Policies/monitoring/alerts.test.yaml"

    var groups: [Group]

    struct Group: Decodable {
        var name: String
        var rules: [Rule]
    }

    struct Rule: Decodable {
        var alert: String
        var expr: String
        var labels: [String: String]
        var annotations: [String: String]
    }

    static func load() throws -> AlertRules {
        try YAMLDecoder().decode(AlertRules.self, from: Repository.text(path))
    }

    var all: [Rule] { groups.flatMap(\.rules) }
}
