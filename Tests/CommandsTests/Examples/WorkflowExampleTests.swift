import Testing
import TidegateTestKit
import Yams

@Suite("The GitHub Actions job")
struct WorkflowExampleTests {
    /// One command of the job.
    private struct Step: Decodable {
        var name: String?
        var run: String?
    }

    private struct Job: Decodable {
        var steps: [Step]
    }

    private struct Workflow: Decodable {
        var jobs: [String: Job]
    }

    private static func commands() throws -> [(name: String, run: String)] {
        let file = try ExampleFile("github-actions.yml")
        let workflow = try YAMLDecoder().decode(Workflow.self, from: file.text)
        let job = try #require(workflow.jobs["policies"])
        return job.steps.compactMap { step in step.run.map { (step.name ?? "", $0) } }
    }

    /// The way GitHub's runner calls bash, in a checkout of the repository.
    private static func outcome(of command: String) throws -> CommandOutcome {
        let program = try TidegateCommand.programPath()
        let folder = program.split(separator: "/", omittingEmptySubsequences: false).dropLast()
            .joined(separator: "/")
        let runner = TidegateCommand(
            [],
            adding: ["PATH": "\(folder):/usr/bin:/bin", "GITHUB_ACTIONS": "true", "CI": "true"],
            in: ExampleFile.repository
        )
        return try runner.runLine(
            command,
            by: ["/bin/bash", "--noprofile", "--norc", "-eo", "pipefail", "-c"]
        )
    }

    @Test("passes on this repository's own policies, and leaves nothing behind")
    func passes() throws {
        let commands = try Self.commands()
        #expect(commands.count >= 4)
        let before = DirectoryTree(ExampleFile.repository + "/Policies")
        for (name, run) in commands {
            let outcome = try Self.outcome(of: run)
            #expect(outcome.status == 0, "\(name): \(outcome)")
        }
        #expect(DirectoryTree(ExampleFile.repository + "/Policies") == before)
    }

    @Test("fails where a check no longer finds its metrics")
    func renamedMetric() throws {
        let directory = try TemporaryDirectory()
        let policy = ExampleFile.repository + "/Policies/demo.yaml"
        let text = String(decoding: try FileContents.read(policy), as: UTF8.self)
            .replacing("client_minutes_total", with: "client_minutes_sum")
        let path = directory.path("demo.yaml")
        try FileContents.write(Array(text.utf8), to: path)
        let plan = try #require(Self.commands().map(\.run).first { $0.contains(" plan ") })
        let outcome = try Self.outcome(of: plan.replacing("Policies/demo.yaml", with: path))
        #expect(outcome.status == 78, "\(outcome)")
    }

    @Test("marks the place of a mistake in the change, and fails")
    func marks() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path("bad.yaml")
        try FileContents.write(Array("flag: sse\nsteps: []\nnope: 100%\n".utf8), to: path)
        let outcome = try Self.outcome(of: "tidegate lint \(path)")
        #expect(outcome.status == 78)
        let marks = outcome.output.split(separator: "\n").filter { $0.hasPrefix("::error ") }
        #expect(marks.contains { $0.contains("file=\(path),line=3,col=1,title=unknown-key::") })
        // A line for each finding, however many lines it has elsewhere.
        #expect(
            marks.count == outcome.errors.split(separator: "\n").filter { $0.contains(": error: ") }.count
        )
    }
}
