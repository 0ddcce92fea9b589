/// Everything that decides whether a request is looked at.
struct AccessRules: Sendable {
    let proxies: TrustedProxies
    let hosts: HostNames
    let origins: Origins
    let logins: Logins
    /// The same as in ``logins``, where there is a token file.
    let tokens: TokenAccess?

    /// Reads the rules that were chosen.
    ///
    /// - Throws: ``ServiceError`` for a value that means nothing, or a token file that cannot be used.
    init(_ settings: ServiceSettings) throws(ServiceError) {
        var ranges: [AddressRange] = []
        for text in settings.trustedProxies {
            guard let range = AddressRange(text) else {
                throw .option(
                    name: "--trusted-proxy",
                    value: text,
                    wanted: "an address, or a range like 10.0.0.0/8"
                )
            }
            ranges.append(range)
        }
        proxies = TrustedProxies(ranges)
        for name in settings.allowedHosts where !HostNames.isName(name) {
            throw .option(
                name: "--allow-host",
                value: name,
                wanted: "a name without a port, like sessions.example.org"
            )
        }
        hosts = HostNames(settings.allowedHosts + [settings.host])
        for origin in settings.allowedOrigins where !Origins.isOrigin(origin) {
            throw .option(name: "--allow-origin", value: origin, wanted: "an origin like https://example.org")
        }
        origins = Origins(settings.allowedOrigins)
        tokens = if let path = settings.tokensPath { try TokenAccess(path: path) } else { nil }
        logins = Logins(tokens ?? OpenAccess(), window: settings.limits.window)
    }
}
