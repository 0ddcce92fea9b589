import Glibc
import TidegateTestKit

/// What stands between the program and the metrics: nginx, which behaves from one request to the next.
final class Front: Sendable {
    let server: NginxServer
    /// Keeps the port that never answers taken.
    private let silence: SilentListener

    /// How requests are answered from now on.
    enum Behaviour: String, CaseIterable {
        case healthy
        /// By the server with ``Metrics/odd`` history.
        case odd
        /// By the server that misses part of its data.
        case partial
        case status401
        case status404
        case status503
        case loginPage
        case timeout
    }

    init(to make: Metrics.Make = .prometheus, partial: Bool = false) throws {
        silence = try SilentListener()
        let healthy = try make.healthy().port
        let odd = try make.odd().port
        let incomplete = partial ? try Metrics.partial.get().port : healthy
        server = try NginxServer.start(
            """
            set $upstream 127.0.0.1:\(healthy);
            if (-f $DIR/odd) { set $upstream 127.0.0.1:\(odd); }
            if (-f $DIR/partial) { set $upstream 127.0.0.1:\(incomplete); }
            if (-f $DIR/timeout) { set $upstream 127.0.0.1:\(silence.port); }
            if (-f $DIR/status401) { return 401 'who are you?'; }
            if (-f $DIR/status404) { return 404 'nothing here'; }
            if (-f $DIR/status503) { return 503 'try later'; }
            if (-f $DIR/loginPage) { rewrite ^ /login last; }
            location = /login {
                internal; default_type text/html; return 200 '<!DOCTYPE html><title>Sign in</title>';
            }
            location / { proxy_pass http://$upstream; }
            """
        )
    }

    deinit { server.stop() }

    var url: String { server.url }

    func become(_ behaviour: Behaviour) throws {
        let directory = server.program.directory
        for other in Behaviour.allCases { unlink("\(directory)/\(other.rawValue)") }
        try FileContents.write([], to: "\(directory)/\(behaviour.rawValue)")
    }
}
