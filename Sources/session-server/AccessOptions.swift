import ArgumentParser
import SessionService

/// Who may use the service, under which names, and what they may see.
struct AccessOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            A proxy whose X-Forwarded-For and X-Forwarded-Proto are believed: an address, or a range like \
            10.0.0.0/8. May be repeated.
            """,
            valueName: "address"
        )
    )
    var trustedProxy: [String] = []

    @Option(
        help: ArgumentHelp(
            """
            A name under which the service may be asked for, beside localhost, addresses and --host. May be \
            repeated.
            """,
            valueName: "name"
        )
    )
    var allowHost: [String] = []

    @Option(
        help: ArgumentHelp(
            "An origin whose pages may use the API, like https://example.org. May be repeated.",
            valueName: "origin"
        )
    )
    var allowOrigin: [String] = []

    @Option(
        help: ArgumentHelp(
            "Who may log in: a file of lines 'subject sha256-of-token [expiry]'. Without it, everybody is in.",
            valueName: "file"
        )
    )
    var tokens: String?

    @Option(
        help: ArgumentHelp("The folder whose subfolders clients may browse.", valueName: "directory")
    )
    var folders: String?

    /// Puts what these options choose into the settings.
    func choose(_ settings: inout ServiceSettings) {
        settings.trustedProxies = trustedProxy
        settings.allowedHosts = allowHost
        settings.allowedOrigins = allowOrigin
        settings.tokensPath = tokens
        settings.browsedFolder = folders
    }
}
