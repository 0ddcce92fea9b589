import Rollout
import Testing
import TidegateTestKit

/// Sessions as a person at a terminal sees them; what differs from run to run is replaced by words.
@Suite("A session on the terminal")
struct TranscriptTests {
    @Test("of a healthy rollout")
    func healthy() throws {
        var session = try Session()
        try session.type("lint", "status", "plan", "start --reason 'first try' --actor sam")
        for _ in 0..<3 {
            try session.site.pass(.seconds(60))
            try session.type("step")
        }
        try session.type("status", "history")
        session.expect("healthy.txt")
    }

    @Test("of a breach")
    func breach() throws {
        var session = try Session()
        try session.type("start --actor sam")
        try session.front.become(.odd)
        try session.site.pass(.seconds(60))
        try session.type(
            "plan",
            "step",
            "status",
            "step",
            "history",
            "start",
            "start --from-step 1 --reason mended"
        )
        session.expect("breach.txt")
    }

    @Test("of metrics that are away")
    func blind() throws {
        var session = try Session()
        try session.type("start --actor sam")
        try session.front.become(.status401)
        try session.site.pass(.seconds(60))
        try session.type("plan", "step", "status")
        session.expect("blind.txt")
    }

    @Test("of a flag file changed by hand")
    func drift() throws {
        var session = try Session()
        try session.type("start --actor sam")
        try session.site.publishByHand(percentage: 80, revision: 1)
        try session.site.pass(.seconds(60))
        try session.type("step", "status", "resume", "resume --reassert --actor sam", "status")
        try session.type(
            "pause --reason 'a look at the dashboards first, and then a word with the others about them' --actor sam"
        )
        try session.type("status", "resume --actor sam", "rollback --reason slow --actor sam", "status")
        session.expect("drift.txt")
    }

    @Test("of a policy with mistakes")
    func mistakes() throws {
        var session = try Session()
        try session.site.writePolicy(
            session.site.policy.text
                .replacing("ceiling: 1%", with: "ceilng: 1%")
                .replacing("percentage: 50", with: "percentage: 5")
        )
        try session.type("lint", "step", "status")
        session.expect("mistakes.txt")
    }
}

/// A terminal session: commands and what they printed.
private struct Session {
    let front: Front
    var site: Site
    private var transcript = ""

    init() throws {
        front = try Front()
        site = try Site(metrics: front.url) {
            $0.checks.append(PolicyText.query(#"queue_depth{queue="steady"}"#))
        }
    }

    /// Runs verbs with their arguments, which may be quoted.
    mutating func type(_ lines: String..., sourceLocation: SourceLocation = #_sourceLocation) throws {
        for line in lines {
            let words = Self.words(line)
            let outcome = try site.command(words[0], Array(words.dropFirst())).run()
            let rest = line.dropFirst(words[0].count)
            transcript += "$ tidegate \(words[0]) sse.yaml\(rest)\n\(outcome.output)\(outcome.errors)"
            transcript += outcome.status == 0 ? "\n" : "[\(outcome.status ?? -1)]\n\n"
        }
    }

    func expect(_ name: String, sourceLocation: SourceLocation = #_sourceLocation) {
        let folder = Golden.fixtures("../Golden")
        Golden.expect(normalised, matches: "\(folder)/\(name)", sourceLocation: sourceLocation)
    }

    private var normalised: String {
        let plain =
            transcript
            .replacing(site.directory.path + "/", with: "")
            .replacing(front.url, with: "http://prometheus:9090")
        // A tick that comes some seconds late counts some seconds' requests more.
        let patterns: [(Regex<Substring>, String)] = [
            (#/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z/#, "2026-01-01T00:00:00Z"),
            (#/sha256:[0-9a-f]+/#, "sha256:4f2a"),
            (#/\b1[1-9],[0-9]{3}\b/#, "12,000"),
            (#/\b1[1-9] of 12,000/#, "12 of 12,000"),
            (#/\b1,[1-9][0-9]{2} of 12,000/#, "1,200 of 12,000"),
            (#/\b0\.(?:0[89]|1[0-9]?) %, /#, "0.1 %, "),
        ]
        return patterns.reduce(plain) { $0.replacing($1.0, with: $1.1) }
    }

    private static func words(_ line: String) -> [String] {
        line.split(separator: "'", omittingEmptySubsequences: false).enumerated().flatMap { index, part in
            index.isMultiple(of: 2) ? part.split(separator: " ").map(String.init) : [String(part)]
        }
    }
}
