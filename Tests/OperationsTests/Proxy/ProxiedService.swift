import TidegateTestKit

/// The service behind a real nginx that is configured as the operations page says.
struct ProxiedService {
    let server: ServedFlag
    let nginx: NginxServer

    /// Starts nginx before a server.
    ///
    /// - Parameters:
    ///   - server: The service; it trusts 127.0.0.1 as a proxy if it is told to.
    ///   - change: Changes the page's `location` block, for a proxy that is set up otherwise.
    /// - Throws: ``ProgramError`` when nginx does not start.
    init(_ server: ServedFlag, changing change: (String) -> String = { $0 }) throws {
        self.server = server
        let location = try OperationsPage().block("nginx", with: "proxy_pass")
        nginx = try NginxServer.start(
            change(location),
            http: "upstream session_server { server 127.0.0.1:\(server.port); keepalive 64; }"
        )
    }

    func stop() {
        nginx.stop()
        server.stop()
    }

    var streamURL: String { "\(nginx.url)/api/sse/sessions?client=a" }

    /// The head of one answer through nginx, asked from an address of this machine.
    func head(_ path: String, from address: String = "127.0.0.1", _ headers: String...) throws -> String {
        try ProgramLaunch.run(
            ["curl", "-s", "--interface", address, "-D", "-", "-o", "/dev/null"]
                + headers.flatMap { ["-H", $0] } + ["\(nginx.url)\(path)"],
            in: nginx.program.directory
        )
    }
}
