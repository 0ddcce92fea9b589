import FoundationEssentials
import Rollout
import Testing
import TidegateTestKit

@Suite("A real Prometheus over a real service")
struct ScrapedServiceTests {
    /// One for all tests; it ends with the process.
    private static let server = Result { try busyServer() }

    /// A service to which everything has happened that the rules and the dashboard ask for.
    private static func busyServer() throws -> ServedFlag {
        let server = try ServedFlag.start(
            percentage: 50,
            "--simulate-clients",
            "20",
            "--client-minute",
            "1s",
            "--poll",
            "1s",
            "--ping",
            "1s",
            "--churn",
            "5",
            "--requests-per-minute",
            "20"
        )
        try server.program.waitUntil {
            // One caller that asks too much, some requests that fail, and a page that fell back.
            for _ in 0..<40 { _ = LoopbackHTTP.send(port: server.port, path: "/api/sessions?client=me") }
            _ = send("PUT", "/api/faults", #"{"all": 1}"#, to: server)
            _ = LoopbackHTTP.send(
                port: server.port,
                path: "/api/sessions?client=me",
                headers: ["X-Forwarded-For": "192.0.2.9"]
            )
            _ = send("PUT", "/api/faults", #"{"all": 0}"#, to: server)
            let report = #"{"mode": "polling", "reason": "fallback"}"#
            _ = send("POST", "/api/client-reports?client=me", report, to: server)
            let page = server.metrics
            return page.contains(#"status="429""#) && page.contains(#"status="500""#)
                && page.contains("\nclient_transport_total{")
                && page.contains(/sse_active_connections\{variant="sse"\} [1-9]/)
        }
        return server
    }

    private static func send(_ method: String, _ path: String, _ body: String, to server: ServedFlag)
        -> Int?
    {
        let headers = ["Content-Type": "application/json", "X-Forwarded-For": "192.0.2.8"]
        let body = Array(body.utf8)
        return LoopbackHTTP.send(method, port: server.port, path: path, headers: headers, body: body)?.status
    }

    @Test("finds every metric and every label that rules and dashboard name")
    func names() throws {
        let server = try Self.server.get()
        let page = MetricsPage(server.metrics)
        let expressions = try AlertRules.load().all.map(\.expr) + Dashboard.load().expressions
        let selectors = Set(expressions.flatMap { PromQL.selectors(in: $0) }).sorted()
        #expect(selectors.count > 40)
        // What Prometheus itself makes.
        for selector in selectors where !["up{", "ALERTS{"].contains(where: selector.hasPrefix) {
            if let lack = page.lacks(selector) { Issue.record("\(selector): \(lack)") }
        }
    }

    @Test("loads the rules, and evaluates each without complaint")
    func rules() throws {
        try Self.prometheus(over: Self.server.get()).use { prometheus in
            let expected = try AlertRules.load().all.map(\.alert).sorted()
            var rules: [Rules.Rule] = []
            try prometheus.program.waitUntil {
                let body = LoopbackHTTP.send(port: prometheus.port, path: "/api/v1/rules")?.body ?? ""
                let answer = try? JSONDecoder().decode(
                    Rules.self,
                    from: FoundationEssentials.Data(body.utf8)
                )
                rules = answer?.data.groups.flatMap(\.rules) ?? []
                // Before the first scrape there is no service yet.
                let absence = rules.first { $0.name == "SessionServerAbsent" }?.state
                return absence == "inactive" && rules.allSatisfy { $0.health != "unknown" }
            }
            #expect(rules.map(\.name).sorted() == expected)
            for rule in rules { #expect(rule.health == "ok", "\(rule.name): \(rule.lastError ?? "")") }
            // It is there, it reads its flag, and it does not drain.
            for quiet in ["SessionServerDown", "SessionDrainStuck", "SessionFlagRejected"] {
                #expect(rules.first { $0.name == quiet }?.state == "inactive", "\(quiet)")
            }
        }
    }

    @Test("has an answer to every question of the dashboard")
    func questions() throws {
        let questions = try Dashboard.load().expressions
        try Self.prometheus(over: Self.server.get()).use { prometheus in
            for question in questions {
                var answer = ""
                // A rate needs two scrapes; how often a flag changes is an empty answer until it does.
                try prometheus.program.waitUntil {
                    answer = prometheus.answer(to: question)
                    return answer.contains(#""value":"#) || answer.contains(#""status":"error""#)
                        || question.hasPrefix("changes(")
                }
                #expect(answer.contains(#""status":"success""#), "\(question)\n\(answer)")
            }
        }
    }

    private static func prometheus(over server: ServedFlag) throws -> PrometheusServer {
        try PrometheusServer.start(
            options: .with {
                $0.scrapeTargets = ["127.0.0.1:\(server.port)"]
                $0.scrapeJob = "session-server"
                $0.ruleFiles = ["\(Repository.folder)/\(AlertRules.path)"]
            }
        )
    }

    /// What Prometheus says about its rules.
    private struct Rules: Decodable {
        var data: Data

        struct Data: Decodable { var groups: [Group] }

        struct Group: Decodable { var rules: [Rule] }

        struct Rule: Decodable {
            var name: String
            var health: String
            var state: String
            var lastError: String?
        }
    }
}
