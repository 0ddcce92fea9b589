import FoundationEssentials

/// The dashboard that comes along, as Grafana reads it.
struct Dashboard: Decodable {
    static let path = "Policies/monitoring/dashboard.json"

    var title: String
    var uid: String
    var schemaVersion: Int
    var panels: [Panel]
    var templating: Templating
    var annotations: Annotations

    struct Panel: Decodable {
        var id: Int
        var type: String
        var title: String
        var description: String?
        var gridPos: Position
        var fieldConfig: FieldConfig?
        var targets: [Target]?
        var datasource: Source?
    }

    struct Position: Decodable {
        var h, w, x, y: Int

        func overlaps(_ other: Position) -> Bool {
            x < other.x + other.w && other.x < x + w && y < other.y + other.h && other.y < y + h
        }
    }

    struct FieldConfig: Decodable {
        var defaults: Defaults

        struct Defaults: Decodable { var unit: String? }
    }

    struct Target: Decodable {
        var refId: String
        var expr: String
        var datasource: Source
    }

    struct Source: Decodable, Equatable {
        var type: String
        var uid: String
    }

    struct Templating: Decodable { var list: [Variable] }

    struct Variable: Decodable {
        var name: String
        var type: String
    }

    struct Annotations: Decodable { var list: [Annotation] }

    struct Annotation: Decodable { var expr: String? }

    static func load() throws -> Dashboard {
        try JSONDecoder().decode(Dashboard.self, from: Data(Repository.text(path).utf8))
    }

    /// Every question it asks, with Grafana's variables replaced as for all instances of all jobs.
    var expressions: [String] {
        let written = panels.flatMap { $0.targets ?? [] }.map(\.expr) + annotations.list.compactMap(\.expr)
        return written.map {
            $0.replacing("$__rate_interval", with: "1m").replacing("$job", with: ".*")
                .replacing("$instance", with: ".*")
        }
    }
}
