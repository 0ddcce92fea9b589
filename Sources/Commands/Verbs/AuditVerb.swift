import ArgumentParser
import Rollout
import Stepping

/// `tidegate audit`: whether clients are split as published.
struct Audit: TidegateVerb {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Whether clients are split as published, and which have the wrong variant.",
        discussion: """
            Asks the policy's metrics, by its check of kind 'split' or by --clients or --exposures; or takes counts \
            of clients with --counts, or a table of id,variant with --exposures-file, whose ids are recomputed one \
            by one. Exits with 11 on a mismatch.
            """
    )

    @OptionGroup var allocation: AllocationOptions
    @OptionGroup var state: StateOption
    @OptionGroup var output: OutputOptions

    @Option(help: ArgumentHelp("Clients of both variants: sse=1042,polling=9312.", valueName: "counts"))
    var counts: String?

    @Option(
        help: ArgumentHelp("A table of id,variant; '-' is standard input.", valueName: "file"),
        completion: .file()
    )
    var exposuresFile: String?

    @Flag(help: "Name every wrong id of the table, not the first 20.")
    var list = false

    @Option(help: ArgumentHelp("A gauge of clients, with variant=\"$variant\".", valueName: "selector"))
    var clients: String?

    @Option(
        help: ArgumentHelp("A counter that clients raise, with variant=\"$variant\".", valueName: "selector")
    )
    var exposures: String?

    @Option(
        help: ArgumentHelp("How often a client raises the counter: 60s, or 'once'.", valueName: "duration")
    )
    var every: String?

    @Option(
        help: ArgumentHelp("How far back a counter is looked at; 1h unless given.", valueName: "duration")
    )
    var over: String?

    private static let wrongNamed = 20
    private static let defaultOver = Span.hours(1)

    func validate() throws {
        let sources = [counts, exposuresFile, clients, exposures].compactMap(\.self)
        guard sources.count <= 1 else {
            throw ValidationError("one of --counts, --exposures-file, --clients and --exposures")
        }
        if allocation.subject == nil, counts == nil, exposuresFile == nil {
            throw ValidationError(
                "without a policy there is no metrics server; give --counts or --exposures-file"
            )
        }
        guard (exposures == nil) == (every == nil) else {
            throw ValidationError("--exposures and --every belong together: how often is one client counted?")
        }
        if let selector = clients ?? exposures, !selector.contains(Split.variantWord) {
            throw ValidationError("the selector must contain $variant, in single quotes for the shell")
        }
        for text in [every, over] {
            guard let text, text != "once" || text == over else { continue }
            guard let span = Span(text: text), span > .zero else {
                throw ValidationError("'\(text)' is not a duration such as 60s or 1h")
            }
        }
        if list, exposuresFile == nil { throw ValidationError("--list is for --exposures-file") }
    }

    func execute(_ invocation: Invocation) throws -> ExitStatus {
        let flag = try invocation.assignedFlag(allocation, state)
        let view = try view(of: flag, invocation)
        if output.json {
            invocation.console.json(try JSONText.encode(view))
        } else {
            invocation.console.result(view.lines(invocation.console))
        }
        return ExitStatus(rawValue: view.exitStatus) ?? .fine
    }

    private func view(of flag: AssignedFlag, _ invocation: Invocation) throws -> AuditView {
        if let counts { return AuditView(flag, try .parse(counts, flag.variants)) }
        if let exposuresFile {
            return AuditView(
                flag,
                try ExposureFile.read(exposuresFile, flag.variants),
                source: exposuresFile == "-" ? "standard input" : exposuresFile,
                listing: list ? .max : Self.wrongNamed
            )
        }
        let world = invocation.wiring.readOnlyWorld(flag.policy?.store ?? .sqlite(path: ""))
        let inquiry = try inquiry(flag)
        return AuditView(flag, try inquiry.observe(world.source(inquiry.policy), at: world.clock.now()))
    }

    private func inquiry(_ flag: AssignedFlag) throws(Failure) -> SplitInquiry {
        guard let policy = flag.policy, let measure = measure ?? policy.splitMeasure else {
            throw Failure(
                message: "what tells how many clients have each variant?",
                hint:
                    "give the policy a check with 'split', or say '--clients', '--exposures', '--counts' or "
                    + "'--exposures-file'",
                status: .usage
            )
        }
        return SplitInquiry(
            flag: flag,
            policy: policy,
            measure: measure,
            over: over.flatMap { Span(text: $0) } ?? Self.defaultOver
        )
    }

    /// What the options say; nil where they say nothing.
    private var measure: SplitMeasure? {
        if let clients { return .clients(selector: clients) }
        guard let exposures, let every else { return nil }
        if every == "once" { return .firstExposures(selector: exposures) }
        return Span(text: every).map { .exposures(selector: exposures, every: $0) }
    }
}

extension Policy {
    /// What the first check of a split is measured by.
    fileprivate var splitMeasure: SplitMeasure? {
        checks.lazy.compactMap { check -> SplitMeasure? in
            if case .split(let split) = check.rule { split.measure } else { nil }
        }
        .first
    }
}
