import ArgumentParser
import PolicyFiles
import Rollout

/// `tidegate lint`: everything that is wrong with policy files.
struct Lint: TidegateVerb {
    static let configuration = CommandConfiguration(
        commandName: "lint",
        abstract: "Check policy files; contacts nobody.",
        discussion: """
            Prints file:line:column for every finding. Exits with 78 when a file has errors. In a job of GitHub \
            Actions every finding is also marked in the change.
            """
    )

    @Argument(help: "Policy files.", completion: .file(extensions: ["yaml", "yml"]))
    var policies: [String]

    @OptionGroup var output: OutputOptions

    func execute(_ invocation: Invocation) throws -> ExitStatus {
        let findings = policies.map { LintFinding(path: $0, environment: invocation.wiring.environment) }
        let status = findings.allSatisfy(\.isUsable) ? ExitStatus.fine : .badPolicy
        if output.json {
            invocation.console.json(
                try JSONText.encode(LintView(files: findings, exitStatus: status.rawValue))
            )
        } else {
            for line in findings.flatMap(\.lines) { invocation.console.notice(line) }
            if WorkflowCommand.isUnderstood(in: invocation.wiring.environment) {
                let commands = findings.flatMap(\.diagnostics).map {
                    WorkflowCommand(diagnostic: $0).description
                }
                invocation.console.workflow(commands)
            }
            invocation.console.result(findings.compactMap(\.summary))
        }
        return status
    }
}

/// What lint says, for programs.
private struct LintView: Encodable {
    var schemaVersion = 1
    var kind = "lint"
    var files: [LintFinding]
    var exitStatus: Int32
}

/// What lint found in one file.
private struct LintFinding: Encodable {
    var path: String
    var isUsable: Bool
    var flag: String?
    var digest: String?
    var diagnostics: [Diagnostic]
    /// Set where there is nothing to check.
    var unreadable: String?

    init(path: String, environment: [String: String]) {
        self.path = path
        do throws(PolicyFile.ReadError) {
            let loaded = try PolicyFile.read(path, environment: environment)
            isUsable = true
            flag = loaded.policy.flag
            digest = loaded.digest
            diagnostics = loaded.warnings
        } catch {
            isUsable = false
            switch error {
            case .invalid(let found): diagnostics = found.all
            case .unreadable(let why): (diagnostics, unreadable) = ([], why.message)
            }
        }
    }

    var lines: [String] { diagnostics.map(\.description) + (unreadable.map { ["error: \($0)"] } ?? []) }

    var summary: String? {
        guard isUsable, let flag, let digest else { return nil }
        return "\(path): fine (flag \(flag), \(digest.prefix(19)))"
    }
}
