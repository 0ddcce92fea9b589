import Testing

@Suite("The dashboard")
struct DashboardTests {
    @Test("has panels of their own number and place")
    func places() throws {
        let panels = try Dashboard.load().panels
        #expect(Set(panels.map(\.id)).count == panels.count)
        for (index, panel) in panels.enumerated() {
            #expect(panel.gridPos.x >= 0 && panel.gridPos.w > 0 && panel.gridPos.x + panel.gridPos.w <= 24)
            for other in panels[..<index] {
                #expect(!panel.gridPos.overlaps(other.gridPos), "'\(panel.title)' and '\(other.title)'")
            }
        }
        let rows = panels.filter { $0.type == "row" }.map(\.title)
        #expect(rows == ["Rollout", "Streams", "Updates", "Requests", "Process"])
    }

    @Test("says of every number what it is and in which unit")
    func units() throws {
        let panels = try Dashboard.load().panels.filter { $0.type != "row" }
        #expect(panels.count >= 20)
        for panel in panels {
            #expect(panel.fieldConfig?.defaults.unit?.isEmpty == false, "'\(panel.title)' has no unit")
            #expect(panel.description?.isEmpty == false, "'\(panel.title)' does not say what it shows")
            let questions = panel.targets ?? []
            #expect(!questions.isEmpty, "'\(panel.title)' asks nothing")
            #expect(Set(questions.map(\.refId)).count == questions.count, "'\(panel.title)'")
        }
    }

    @Test("asks the data source that is chosen, and is for Grafana 10 and newer")
    func importable() throws {
        let dashboard = try Dashboard.load()
        let chosen = Dashboard.Source(type: "prometheus", uid: "${datasource}")
        #expect(dashboard.schemaVersion >= 38)
        #expect(dashboard.templating.list.contains { $0.name == "datasource" && $0.type == "datasource" })
        for panel in dashboard.panels where panel.type != "row" {
            #expect(panel.datasource == chosen, "'\(panel.title)'")
            for question in panel.targets ?? [] { #expect(question.datasource == chosen) }
        }
        let variables = Set(dashboard.templating.list.map(\.name))
        #expect(variables == ["datasource", "job", "instance"])
        for expression in dashboard.expressions {
            #expect(!expression.contains("$"), "a variable that is not there: \(expression)")
        }
    }
}
