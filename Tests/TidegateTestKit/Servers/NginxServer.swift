/// nginx with a configuration of the test's own.
package final class NginxServer: StartedServer {
    package let port: UInt16
    package let program: RunningProgram

    private init(port: UInt16, program: RunningProgram) {
        self.port = port
        self.program = program
    }

    /// Starts nginx with what stands inside `server { … }`, such as `location` blocks.
    ///
    /// `$PORT` and `$DIR` stand for the port and for the server's directory; `listen` is added unless it is given.
    /// `http` stands beside the server, e.g. `limit_req_zone`; `files` are written into the directory, by name.
    package static func start(
        _ configuration: String,
        http: String = "",
        files: [String: String] = [:]
    ) throws -> NginxServer {
        try onFreePort { port in
            let directory = try RunningProgram.makeDirectory()
            func filled(_ text: String) -> String {
                text.replacing("$PORT", with: "\(port)").replacing("$DIR", with: directory)
            }
            let server = configuration.contains("listen ") ? "" : "listen 127.0.0.1:$PORT;"
            for (name, content) in files {
                try TextFile.write(content, to: "\(directory)/\(name)", mode: 0o644)
            }
            try TextFile.write(
                filled(
                    """
                    daemon off; master_process off; pid $DIR/nginx.pid; error_log stderr warn;
                    events { worker_connections 256; }
                    http {
                        access_log off; default_type text/plain;
                        client_body_temp_path $DIR/body; proxy_temp_path $DIR/proxy;
                        fastcgi_temp_path $DIR/fastcgi; uwsgi_temp_path $DIR/uwsgi; scgi_temp_path $DIR/scgi;
                        \(http)
                        server { \(server) root $DIR; \(configuration) }
                    }

                    """
                ),
                to: "\(directory)/nginx.conf"
            )
            let program = try RunningProgram(
                ["nginx", "-p", directory, "-c", "\(directory)/nginx.conf", "-e", "stderr"],
                in: directory
            )
            let nginx = NginxServer(port: port, program: program)
            try program.waitUntil { LoopbackHTTP.accepts(port: port) }
            return nginx
        }
    }
}
