import Glibc
import Rollout
import Testing
import TidegateTestKit

@Suite("Verbs that only look")
struct LookingOnlyTests {
    /// A rollout in some condition.
    enum Condition: String, CaseIterable {
        case notStarted
        case due
        case breached
        case unsettled
        case rolledBack

        func site() throws -> (Site, Front) {
            let front = try Front()
            let site = try Site(metrics: front.url)
            guard self != .notStarted else { return (site, front) }
            try site.start()
            try site.pass(.seconds(60))
            switch self {
            case .notStarted, .due: break
            case .breached: try front.become(.odd)
            case .rolledBack: try site.run("rollback")
            case .unsettled:
                // An order that was saved and not carried out, and a database that was not closed.
                let stop = ["TIDEGATE_STOP_BEFORE_WRITE": "1"]
                let killed = try site.command("step", adding: stop).start()
                try killed.waitUntilStopped()
                killed.send(SIGKILL)
                _ = try killed.outcome()
            }
            return (site, front)
        }
    }

    @Test("leave every byte and every name of state and flag file untouched", arguments: Condition.allCases)
    func untouched(condition: Condition) throws {
        let (site, front) = try condition.site()
        defer { withExtendedLifetime(front) {} }
        let before = DirectoryTree(site.directory.path)
        let looks: [(String, [String])] = [
            ("plan", []), ("plan", ["--json"]), ("plan", ["--detailed-exitcode"]), ("step", ["--dry-run"]),
            ("status", []), ("history", []), ("lint", []), ("assign", ["--id", "alice"]),
        ]
        for (verb, arguments) in looks {
            let outcome = try site.command(verb, arguments).run()
            #expect([0, 2, 10, 11].contains(outcome.status), "\(verb) \(arguments): \(outcome)")
            let after = DirectoryTree(site.directory.path)
            #expect(after == before, "\(verb) \(arguments): \(before)\nbecame\n\(after)")
        }
    }

    @Test("say what the tick after them does", arguments: Condition.allCases)
    func foretell(condition: Condition) throws {
        let (site, front) = try condition.site()
        defer { withExtendedLifetime(front) {} }
        let plan = try site.report("plan")
        let rehearsed = try site.report("step", "--dry-run")
        let tick = try site.report("step")
        #expect(plan.decision == tick.decision)
        #expect(rehearsed.decision == tick.decision)
        let detailed: Int32? =
            condition == .due || condition == .breached || condition == .unsettled ? 2 : nil
        if let detailed {
            let (again, front) = try condition.site()
            defer { withExtendedLifetime(front) {} }
            #expect(try again.run("plan", "--detailed-exitcode").status == detailed)
        }
    }
}
