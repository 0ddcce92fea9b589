import Testing
import TidegateTestKit

@Suite("The alert rules")
struct AlertRuleTests {
    @Test("fire when they should, and not when all is well, as promtool has it")
    func promtool() throws {
        let words = try ProgramLaunch.run(
            ["promtool", "test", "rules", "alerts.test.yaml"],
            in: Repository.monitoring
        )
        #expect(words.contains("SUCCESS"))
    }

    @Test("are all tried out")
    func tried() throws {
        let cases = try Repository.text(AlertRules.testPath)
        for rule in try AlertRules.load().all {
            #expect(
                cases.contains(#"alertname="\#(rule.alert)""#),
                "no case in which \(rule.alert) fires"
            )
        }
    }

    @Test("are named once, say what is wrong and how bad it is, and where it is explained")
    func explained() throws {
        let rules = try AlertRules.load().all
        #expect(rules.count >= 12)
        #expect(Set(rules.map(\.alert)).count == rules.count)
        let anchors = try OperationsPage().anchors
        for rule in rules {
            #expect(["critical", "warning"].contains(rule.labels["severity"]), "\(rule.alert)")
            #expect(rule.annotations["summary"]?.isEmpty == false, "\(rule.alert)")
            #expect(rule.annotations["description"]?.isEmpty == false, "\(rule.alert)")
            let runbook = try #require(rule.annotations["runbook"]?.split(separator: "#"), "\(rule.alert)")
            #expect(runbook.first?[...] == Repository.operationsPage[...])
            #expect(runbook.last == rule.alert.lowercased()[...])
            #expect(anchors.contains(rule.alert.lowercased()), "the page says nothing about \(rule.alert)")
        }
    }
}
