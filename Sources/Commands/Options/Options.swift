import ArgumentParser

/// Options that every verb has.
struct OutputOptions: ParsableArguments, Sendable {
    @Flag(help: "Print one JSON object instead of text.")
    var json = false

    @Flag(name: .shortAndLong, help: "Print no result; errors and what needs a person still go to stderr.")
    var quiet = false

    @Flag(help: "Print without colours; also with NO_COLOR set, or when not on a terminal.")
    var noColor = false
}

/// Where the rollout's state is, when not where the policy says.
struct StateOption: ParsableArguments, Sendable {
    @Option(
        name: .customLong("state"),
        help: ArgumentHelp("The SQLite database to use instead of the policy's.", valueName: "path")
    )
    var path: String?
}

/// Who asks, and why; both are recorded.
struct RequestOptions: ParsableArguments, Sendable {
    @Option(help: "Why; recorded in the history.")
    var reason: String?

    @Option(help: ArgumentHelp("Who asks; the login name and host unless given.", valueName: "name"))
    var actor: String?
}

/// A verb that looks or lowers: it takes a policy file, or only the flag's name.
struct SubjectArgument: ParsableArguments, Sendable {
    @Argument(
        help: ArgumentHelp(
            "A policy file, or the flag's name together with --state.",
            valueName: "policy | flag"
        ),
        completion: .file(extensions: ["yaml", "yml"])
    )
    var subject: String
}

/// A verb that decides: it takes a policy file.
struct PolicyArgument: ParsableArguments, Sendable {
    @Argument(help: "The policy file.", completion: .file(extensions: ["yaml", "yml"]))
    var policy: String
}
