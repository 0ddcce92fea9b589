import Testing
import TidegateTestKit

@Suite("The program, on evidence that is missing or odd,")
struct EvidenceMatrixTests {
    /// One row of the matrix: what the metrics do once the rollout has started, and what must come of it.
    struct Row: Sendable, CustomTestStringConvertible {
        var name: String
        var make = Metrics.Make.prometheus
        var behaviour: Front.Behaviour
        var check = PolicyText.ceiling(service: "web")
        /// Servers may name the same absence differently.
        var causes: Set<String>
        var status: Int32 = 0

        var testDescription: String { "\(name), \(make)" }

        static let all: [Row] = transport + Metrics.Make.allCases.flatMap(data)

        private static let transport = [
            Row(name: "warnings", behaviour: .partial, causes: ["partial"]),
            Row(name: "401", behaviour: .status401, causes: ["refused"], status: 77),
            Row(name: "404", behaviour: .status404, causes: ["refused"], status: 78),
            Row(name: "503", behaviour: .status503, causes: ["unreachable"]),
            Row(name: "timeout", behaviour: .timeout, causes: ["unreachable"]),
            Row(name: "a login page", behaviour: .loginPage, causes: ["refused"], status: 69),
        ]

        private static func data(_ make: Metrics.Make) -> [Row] {
            func row(_ name: String, queue: String, _ causes: Set<String>) -> Row {
                let check = PolicyText.query(#"queue_depth{queue="\#(queue)"}"#)
                return Row(name: name, make: make, behaviour: .odd, check: check, causes: causes)
            }
            return [
                row("an empty result", queue: "gone", ["noData"]),
                // VictoriaMetrics does not store NaN.
                row("NaN", queue: "nan", make == .prometheus ? ["noTraffic"] : ["noTraffic", "noData"]),
                row("+Inf", queue: "infinite", ["notFinite"]),
                row("two series", queue: "several", ["ambiguous"]),
                // How far back the servers look is less than the tests may take.
                row("a stale series", queue: "silent", ["stale", "noData"]),
                Row(
                    name: "no exposures",
                    make: make,
                    behaviour: .odd,
                    check: PolicyText.ceiling(service: "flawless"),
                    causes: ["noData"]
                ),
            ]
        }
    }

    @Test("holds, says why in its exit status, and goes on once the metrics are back", arguments: Row.all)
    func holds(row: Row) throws {
        let front = try Front(to: row.make, partial: row.behaviour == .partial)
        let site = try Site(metrics: front.url) {
            $0.checks = [row.check]
            $0.metricsKeys = "lag: 0s, timeout: 1s"
        }
        try site.start()
        try front.become(row.behaviour)
        for _ in 0..<2 {
            let held = try site.tick()
            #expect(held.decision == "held", "\(held)")
            #expect(row.causes.isSuperset(of: held.causes) && !held.causes.isEmpty, "\(held)")
            #expect(held.exitStatus == row.status)
            #expect(try site.exposure == 10)
        }
        try front.become(.healthy)
        let report = try site.tick()
        #expect(report.decision == "advanced", "\(report)")
        #expect(try site.exposure == 50)
    }

    @Test("refuses to start on it, and exposes nobody", arguments: Row.all)
    func refusesToStart(row: Row) throws {
        let front = try Front(to: row.make, partial: row.behaviour == .partial)
        let site = try Site(metrics: front.url) {
            $0.checks = [row.check]
            $0.metricsKeys = "lag: 0s, timeout: 1s"
        }
        try front.become(row.behaviour)
        // Nothing to divide by is no reason against a start: a new flag has no traffic yet.
        guard row.causes != ["noTraffic"] else { return try expectStart(site) }
        let outcome = try site.run("start")
        #expect([69, 77, 78].contains(outcome.status), "\(outcome)")
        #expect(outcome.errors.hasPrefix("error: check '"), "\(outcome)")
        #expect(try site.published == nil)
        #expect(try site.report("status").phase == "ready")
    }

    private func expectStart(_ site: Site) throws {
        try site.start()
        #expect(try site.exposure == 10)
    }
}
