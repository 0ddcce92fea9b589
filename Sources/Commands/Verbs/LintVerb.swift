import ArgumentParser
import Assignment
import PolicyFiles
import Rollout

/// `tidegate lint`: everything that is wrong with policy files.
struct Lint: TidegateVerb {
    static let configuration = CommandConfiguration(
        commandName: "lint",
        abstract: "Check policy files; contacts nobody.",
        discussion: """
            Prints file:line:column for every finding. Exits with 78 when a file has errors. In a job of GitHub \
            Actions every finding is also marked in the change. Of comparisons it says how long a healthy rollout \
            would take, and what they could find, at an assumed traffic.
            """
    )

    @Argument(help: "Policy files.", completion: .file(extensions: ["yaml", "yml"]))
    var policies: [String]

    @OptionGroup var assumption: TrafficOptions
    @OptionGroup var output: OutputOptions

    func execute(_ invocation: Invocation) throws -> ExitStatus {
        let traffic = assumption.assumed
        let findings = policies.map {
            LintFinding(path: $0, environment: invocation.wiring.environment, assuming: traffic)
        }
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
            invocation.console.result(findings.flatMap { $0.summary(invocation.console) })
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
    /// What was proved about who is treated.
    var cohorts: CohortsView?
    /// What is expected at each assumed traffic; empty for a policy without comparisons.
    var outlooks: [OutlookView] = []
    private var foreseen: [Outlook] = []
    var diagnostics: [Diagnostic]
    /// Set where there is nothing to check.
    var unreadable: String?

    private enum CodingKeys: CodingKey {
        case path, isUsable, flag, digest, cohorts, outlooks, diagnostics, unreadable
    }

    init(path: String, environment: [String: String], assuming traffic: [ExpectedTraffic]) {
        self.path = path
        do throws(PolicyFile.ReadError) {
            let loaded = try PolicyFile.read(path, environment: environment)
            let view = CohortsView(loaded.policy.cohorts)
            isUsable = view.onlyGrow
            flag = loaded.policy.flag
            digest = loaded.digest
            cohorts = view
            diagnostics = loaded.warnings
            foreseen = traffic.compactMap { loaded.policy.outlook(expecting: $0) }
            outlooks = foreseen.map { OutlookView($0, isAssumed: true) }
        } catch {
            isUsable = false
            switch error {
            case .invalid(let found): diagnostics = found.all
            case .unreadable(let why): (diagnostics, unreadable) = ([], why.message)
            }
        }
    }

    var lines: [String] {
        let shrinking = cohorts.flatMap { $0.onlyGrow ? nil : "error: \(path): \($0.words)" }
        return diagnostics.map(\.description) + (unreadable.map { ["error: \($0)"] } ?? [])
            + (shrinking.map { [$0] } ?? [])
    }

    func summary(_ console: Console) -> [String] {
        guard isUsable, let flag, let digest, let cohorts else { return [] }
        return ["\(path): fine (flag \(flag), \(digest.prefix(19)))", "  \(cohorts.words)"]
            + AssumedOutlookText(outlooks: foreseen).lines(console)
    }
}

/// What lint has proved about a policy's steps.
private struct CohortsView: Encodable {
    /// Whether everybody treated at a step stays treated at all later ones.
    var onlyGrow: Bool
    var percentages: [Percentage]
    /// How many buckets were looked at.
    var buckets: UInt32
    private let loss: CohortProof.Loss?

    private enum CodingKeys: String, CodingKey {
        case onlyGrow, percentages, buckets
    }

    init(_ proof: CohortProof) {
        onlyGrow = proof.loss == nil
        percentages = proof.shares
        buckets = proof.bucketCount
        loss = proof.loss
    }

    var words: String {
        if let loss {
            return
                "clients in bucket \(loss.bucket) lose the treatment between \(loss.before) and \(loss.after)"
        }
        let ladder = percentages.map(\.description).joined(separator: " → ")
        return "cohorts only grow: \(ladder) over all \(NumberText.count(Double(buckets))) buckets"
    }
}
