import FoundationEssentials
import Rollout
import Testing

@Suite("The documentation")
struct DocumentationTests {
    private func page(_ name: String) throws -> [Substring] {
        let catalogue = SourceFile.packageFolder.appending(path: "Sources/Rollout/Rollout.docc")
        return try String(contentsOf: catalogue.appending(path: name), encoding: .utf8)
            .split(separator: "\n", omittingEmptySubsequences: false)
    }

    /// The cells of every table row whose first cell is `code`.
    private func rows(startingWith code: String, in lines: [Substring]) -> [[String]] {
        lines.map { $0.split(separator: "|").map { $0.trimmingSpaces() } }.filter { $0.first == "`\(code)`" }
    }

    @Test("says of every cause what the code does about it", arguments: Cause.allCases)
    func matrixFollowsCode(cause: Cause) throws {
        let rows = try rows(startingWith: cause.rawValue, in: page("FailDirection.md"))
        try #require(rows.count == 1 && rows[0].count == 3, "one row of three cells for \(cause)")
        #expect(rows[0][2].hasPrefix(words(for: cause.direction)), "\(cause): \(rows[0][2])")
        #expect(rows[0][1] == cause.meaning)
    }

    @Test("lists every phase", arguments: PhaseName.allCases)
    func phasesAreListed(phase: PhaseName) throws {
        let lines = try page("StateMachine.md")
        #expect(lines.contains { $0.hasPrefix("| `\(phase.rawValue)") }, "\(phase)")
    }

    @Test("gives the deadlines that a policy has by default")
    func deadlinesFollowCode() throws {
        let lines = try page("FailDirection.md")
        let deadlines = Deadlines()
        let blind = Deadline(after: .minutes(30), action: .rollback)
        let other = Deadline(after: .hours(2), action: .pause)
        #expect(
            deadlines == Deadlines(blind: blind, undecided: other, tooFewSamples: other, noTraffic: other)
        )
        #expect(lines.contains("| blind | 30 minutes | roll back |"))
        for clock in ["undecided", "too few samples", "no traffic"] {
            #expect(lines.contains("| \(clock) | 2 hours | pause |"), "\(clock)")
        }
    }

    private func words(for direction: Direction) -> String {
        switch direction {
        case .mayAdvance: "may advance"
        case .rollBackNow: "rolls back now"
        case .countsAsZero: "counts as zero failures"
        case .countsNothing: "counts nothing"
        case .holds(.blind): "holds: blind"
        case .holds: "holds on its own clock"
        case .holdsForAPerson: "holds for a person"
        }
    }
}

extension Substring {
    fileprivate func trimmingSpaces() -> String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
