import Rollout
import Synchronization
import Testing
import TidegateTestKit

@testable import MetricsSources

@Suite("A proxy between us and the metrics")
struct ProxyTests {
    private static let subject = MetricQuestion.Subject.value(
        expression: "sum(load)",
        at: LiveServer.end,
        selectors: ["load"]
    )
    private static let three = Outcome.value(Reading(value: 3, newestSample: LiveServer.end))

    /// Asks through an nginx that keeps a log, one line a request.
    private static func ask(
        _ configuration: String,
        http: String = "",
        files: [String: String] = [:],
        within limit: Span = .seconds(30),
        credentials: Credentials? = nil,
        pacing: Pacing = .impatient
    ) throws -> (outcome: Outcome, log: [Substring]) {
        let logging = "log_format line '$request_method $status'; \(http)"
        let marker = "location = /marker { access_log off; return 204; }"
        let text = "access_log $DIR/access.log line; \(marker) \(configuration)"
        return try NginxServer.start(text, http: logging, files: files).use { server in
            let location = PrometheusLocation(url: server.url, credentials: credentials)
            let outcome = try LiveServer.answer(
                subject,
                at: location,
                environment: ["TOKEN": "hunter2"],
                within: limit,
                pacing: pacing
            ).outcome
            // One process serves one request after the other: what came before this one is in the log.
            _ = LoopbackHTTP.send(port: server.port, path: "/marker")
            let log = TextFile.read("\(server.program.directory)/access.log").split(separator: "\n")
            return (outcome, log)
        }
    }

    @Test("that compresses is no obstacle")
    func gzip() throws {
        let upstream = try LiveServer.prometheus.url
        let gzip = "gzip on; gzip_proxied any; gzip_types application/json; gzip_min_length 1;"
        let answer = try Self.ask("location / { \(gzip) proxy_pass \(upstream); }")
        #expect(answer.outcome == Self.three)
    }

    @Test("that forbids POST is asked with GET")
    func getOnly() throws {
        let upstream = try LiveServer.prometheus.url
        let answer = try Self.ask(
            "location / { if ($request_method = POST) { return 405; } proxy_pass \(upstream); }"
        )
        #expect(answer.outcome == Self.three)
        #expect(answer.log == ["POST 405", "POST 405", "GET 200", "GET 200"])
    }

    @Test("that forbids everything is asked twice")
    func nothingAllowed() throws {
        let answer = try Self.ask("location / { return 405; }")
        guard case .refused(.request, _) = answer.outcome else {
            Issue.record("\(answer.outcome)")
            return
        }
        #expect(answer.log == ["POST 405", "POST 405", "GET 405", "GET 405"])
    }

    @Test("that shows a login page, or redirects to one, refuses", arguments: [200, 302])
    func login(status: Int) throws {
        let answer =
            status == 200
            ? "default_type text/html; return 200 '<html><title>Sign in</title>';"
            : "return 302 https://login.example/?session=secret;"
        let outcome = try Self.ask("location / { \(answer) }").outcome
        guard case .refused(let refusal, let message) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(refusal == (status == 200 ? .malformed : .credentials))
        #expect(message.contains(status == 200 ? "Sign in" : "https://login.example/"))
        #expect(!message.contains("secret"))
    }

    @Test("that repeats our token does not get it into a message")
    func echo() throws {
        let answer = try Self.ask(
            "location / { return 403 'denied: $http_authorization'; }",
            credentials: .bearer(token: .environment(name: "TOKEN"))
        )
        guard case .refused(.credentials, let message) = answer.outcome else {
            Issue.record("\(answer.outcome)")
            return
        }
        #expect(message.hasSuffix("HTTP 403: denied: Bearer ***"))
    }

    @Test(
        "that is overloaded is asked three times, waiting longer each time",
        arguments: [429, 502, 503, 504]
    )
    func overloaded(status: Int) throws {
        let waits = Mutex<[Span]>([])
        let pacing = Pacing(random: { $0 }, sleep: { wait in waits.withLock { $0.append(wait) } })
        let answer = try Self.ask("location / { return \(status) 'later'; }", pacing: pacing)
        guard case .unreachable(let message) = answer.outcome else {
            Issue.record("\(answer.outcome)")
            return
        }
        #expect(message.hasSuffix("HTTP \(status): later (tried 3 times)"))
        // Two queries for the question, three tries each.
        #expect(answer.log.count == 6)
        #expect(waits.withLock { $0 } == [.milliseconds(250), .milliseconds(500)])
    }

    @Test("that lets only one request through is asked again about the other, as late as it asks")
    func rateLimited() throws {
        let upstream = try LiveServer.prometheus.url
        let once = "limit_req_zone $binary_remote_addr zone=one:1m rate=1r/m;"
        let configuration = """
            location / { limit_req zone=one; limit_req_status 429; error_page 429 = @later; proxy_pass \(upstream); }
            location @later { add_header Retry-After 1 always; return 429; }
            """
        let waits = Mutex<[Span]>([])
        let pacing = Pacing(random: { _ in 0 }, sleep: { wait in waits.withLock { $0.append(wait) } })
        let answer = try Self.ask(configuration, http: once, pacing: pacing)
        guard case .unreachable(let message) = answer.outcome else {
            Issue.record("\(answer.outcome)")
            return
        }
        #expect(message.contains("429"))
        #expect(answer.log.sorted() == ["POST 200", "POST 429", "POST 429", "POST 429"])
        #expect(waits.withLock { $0 } == [.seconds(1), .seconds(1)])
    }

    @Test("that asks for more patience than there is time is not asked again")
    func retryAfter() throws {
        let answer = try Self.ask(
            "location / { add_header Retry-After 120 always; return 503 'maintenance'; }"
        )
        guard case .unreachable(let message) = answer.outcome else {
            Issue.record("\(answer.outcome)")
            return
        }
        #expect(message.contains("it asks to wait 2m"))
        #expect(answer.log.count == 2)
    }

    @Test("that lets us wait is given up at the deadline")
    func slow() throws {
        let body = String(repeating: " ", count: 10_000)
        let answer = try Self.ask(
            "error_page 405 =200 /page.txt; location / { return 405; } location = /page.txt { limit_rate 1; }",
            files: ["page.txt": body],
            within: .milliseconds(600)
        )
        guard case .unreachable(let message) = answer.outcome else {
            Issue.record("\(answer.outcome)")
            return
        }
        #expect(message.contains("no answer in time"))
    }

    @Test("that is not there is unreachable")
    func closed() throws {
        let location = PrometheusLocation(url: "http://127.0.0.1:\(try LoopbackHTTP.freePort())")
        let outcome = try LiveServer.answer(Self.subject, at: location).outcome
        guard case .unreachable(let message) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(message.contains("could not connect"))
        #expect(message.hasSuffix("(tried 3 times)"))
    }

    @Test("that sends more than 16 MiB is cut")
    func bomb() throws {
        try NginxServer.start(
            """
            error_page 405 =200 /zeros; location / { return 405; }
            location = /zeros { gzip on; gzip_types *; gzip_comp_level 1; }
            """
        ).use { server in
            try ProgramLaunch.run(["truncate", "-s", "40M", "zeros"], in: server.program.directory)
            let outcome = try LiveServer.answer(Self.subject, at: PrometheusLocation(url: server.url)).outcome
            guard case .refused(.malformed, let message) = outcome else {
                Issue.record("\(outcome)")
                return
            }
            #expect(message.contains("larger than 16777216 bytes"))
        }
    }
}
