import Rollout
import Stepping
import Synchronization
import Testing
import TidegateTestKit

@testable import MetricsSources

@Suite("A source that reads pages")
struct ScrapeTests {
    private static func question(
        _ selector: String = "a_total",
        role: MetricQuestion.Role = .exposures,
        minute: Int64 = 1,
        memory: CounterMemory? = nil
    ) -> MetricQuestion {
        let through = Timestamp.newYear + .minutes(minute)
        return MetricQuestion(
            check: "errors",
            role: role,
            subject: .count(selector: selector, from: through - .minutes(1), through: through),
            memory: memory
        )
    }

    private static func source(
        _ location: ScrapeLocation,
        environment: [String: String] = [:],
        pacing: Pacing = .impatient
    ) -> ScrapeSource {
        ScrapeSource(location: location, environment: environment, pacing: pacing)
    }

    private static func ask(_ pages: [String], _ question: MetricQuestion = question()) throws -> Measurement
    {
        let answers = source(ScrapeLocation(pages: pages)).answer([question], deadline: .seconds(30))
        #expect(answers.serverClockAhead == nil)
        return try #require(answers.measurements.first)
    }

    /// An nginx that shows the file `metrics` of its directory.
    private static func serving(_ page: String, _ more: String = "") throws -> NginxServer {
        try NginxServer.start(
            more + " location / { default_type 'text/plain; version=0.0.4'; }",
            files: ["metrics": page]
        )
    }

    @Test("counts what a page shows more than the last time")
    func counts() throws {
        try Self.serving("a_total 100\n").use { server in
            let page = "\(server.url)/metrics"
            let look = try Self.ask([page])
            #expect(look.outcome == .firstLook)
            try TextFile.write("a_total 130\n", to: "\(server.program.directory)/metrics")
            let next = try Self.ask([page], Self.question(minute: 2, memory: look.counters))
            #expect(next.outcome == .value(Reading(value: 30, newestSample: .newYear + .minutes(2))))
            #expect(
                next.counters == CounterMemory(at: .newYear + .minutes(2), values: ["\(page) a_total{}": 130])
            )
        }
    }

    @Test("reads every page once for all questions, and answers in their order")
    func oneFetch() throws {
        let log = "log_format line '$request_method $uri $http_accept';"
        let configuration = "access_log $DIR/access.log line; location / {}"
        let files = ["one": "a_total 1\nb_total 1\n", "two": "a_total 2\n"]
        try NginxServer.start(configuration, http: log, files: files).use { server in
            let location = ScrapeLocation(pages: ["\(server.url)/one", "\(server.url)/two"])
            let value = MetricQuestion(
                check: "latency",
                role: .value,
                subject: .value(expression: "sum(a_total)", at: .newYear, selectors: ["a_total"])
            )
            let questions = [
                Self.question("b_total", role: .failures), value, Self.question(),
                Self.question("sum(a_total)"), Self.question("c_total"),
            ]
            let answers = Self.source(location).answer(questions, deadline: .seconds(30)).measurements
            #expect(answers.map(\.question) == questions)
            #expect(answers[0].outcome == .firstLook)
            #expect(answers[2].counters?.values.count == 2)
            #expect(answers[4].outcome == .noData)
            for index in [1, 3] {
                guard case .refused(.request, let message) = answers[index].outcome else {
                    Issue.record("\(answers[index].outcome)")
                    continue
                }
                #expect(message.contains("a page cannot answer PromQL"))
            }
            try server.program.waitUntil {
                TextFile.read("\(server.program.directory)/access.log").split(separator: "\n").count >= 2
            }
            let lines = TextFile.read("\(server.program.directory)/access.log").split(separator: "\n")
                .sorted()
            #expect(lines.map { $0.prefix(9) } == ["GET /one ", "GET /two "])
            #expect(lines.allSatisfy { $0.contains("application/openmetrics-text;version=1.0.0,") })
        }
    }

    @Test("contacts nobody where only PromQL is asked, or nothing")
    func unasked() throws {
        let source = Self.source(ScrapeLocation(pages: ["http://127.0.0.1:1/metrics"]))
        #expect(source.answer([], deadline: .seconds(1)) == Answers(measurements: []))
        let value = MetricQuestion(
            check: "latency",
            role: .value,
            subject: .value(expression: "up", at: .newYear, selectors: ["up"])
        )
        guard
            case .refused(.request, _)? = source.answer([value], deadline: .seconds(1)).measurements.first?
                .outcome
        else {
            Issue.record("not refused")
            return
        }
    }

    @Test("gives partial answers where some pages fail, and names those")
    func partial() throws {
        try Self.serving("a_total 100\n", "location = /broken { return 500; }").use { server in
            let gone = "http://127.0.0.1:\(try LoopbackHTTP.freePort())/metrics"
            let answer = try Self.ask(["\(server.url)/metrics", "\(server.url)/broken", gone])
            guard case .partial(let warnings) = answer.outcome else {
                Issue.record("\(answer.outcome)")
                return
            }
            #expect(warnings.count == 2)
            #expect(warnings.first?.hasPrefix("\(server.url)/broken: HTTP 500") == true)
            #expect(warnings.last?.hasPrefix("\(gone): could not connect") == true)
            #expect(answer.counters == nil)
        }
    }

    static let failures: [(String, Outcome)] = [
        ("location / { return 401 'who?'; }", .refused(.credentials, message: "HTTP 401: who?")),
        ("location / { return 404 'no'; }", .refused(.request, message: "HTTP 404: no; is the path")),
        ("location / { return 405 'no'; }", .refused(.request, message: "HTTP 405: no")),
        (
            "location / { default_type text/html; return 200 '<b>hi'; }",
            .refused(.malformed, message: "not a page")
        ),
        ("location / { return 200 'a_total 1'; }", .refused(.malformed, message: "the page is cut off")),
        (
            "location / { return 200 'a_total 1\\na_total 1\\n'; }",
            .refused(.malformed, message: "line 2: a_total{} is")
        ),
        ("location / { return 503 'wait'; }", .unreachable(message: "HTTP 503: wait (tried 3 times)")),
        ("location / { return 429; }", .unreachable(message: "HTTP 429")),
    ]

    @Test("says why the only page gives no answer", arguments: failures.indices)
    func failure(index: Int) throws {
        let (configuration, expected) = Self.failures[index]
        try NginxServer.start(configuration).use { server in
            let page = "\(server.url)/metrics"
            switch (try Self.ask([page]).outcome, expected) {
            case (.refused(let refusal, let message), .refused(let wanted, let words)):
                #expect(refusal == wanted)
                #expect(message.hasPrefix("\(page): \(words)"), "\(message)")
            case (.unreachable(let message), .unreachable(let words)):
                #expect(message.hasPrefix("\(page): \(words)"), "\(message)")
            case (let other, _): Issue.record("\(configuration): \(other)")
            }
        }
    }

    @Test("lets a refusal be heard where no page answers")
    func allFail() throws {
        try NginxServer.start("location / { return 403 'no'; }").use { server in
            let gone = "http://127.0.0.1:\(try LoopbackHTTP.freePort())/metrics"
            let outcome = try Self.ask([gone, "\(server.url)/metrics"]).outcome
            guard case .refused(.credentials, let message) = outcome else {
                Issue.record("\(outcome)")
                return
            }
            #expect(message.contains("could not connect") && message.contains("HTTP 403"))
        }
    }

    @Test("tries again within the deadline, waiting longer each time")
    func retries() throws {
        let waits = Mutex<[Span]>([])
        let pacing = Pacing(random: { $0 }, sleep: { wait in waits.withLock { $0.append(wait) } })
        try NginxServer.start("location / { return 502; }").use { server in
            let source = Self.source(ScrapeLocation(pages: ["\(server.url)/metrics"]), pacing: pacing)
            _ = source.answer([Self.question()], deadline: .seconds(30))
        }
        #expect(waits.withLock { $0 } == [.milliseconds(250), .milliseconds(500)])
    }

    @Test("gives up at the deadline")
    func deadline() throws {
        let silence = try SilentListener()
        let source = Self.source(ScrapeLocation(pages: ["http://127.0.0.1:\(silence.port)/metrics"]))
        let answers = source.answer([Self.question()], deadline: .seconds(3))
        guard case .unreachable(let message)? = answers.measurements.first?.outcome else {
            Issue.record("\(answers)")
            return
        }
        #expect(message.contains("no answer in time"))
    }

    @Test("is let in by a token, a user or a header, and shows none of them")
    func credentials() throws {
        let guarded = """
            location /token { if ($http_authorization != 'Bearer hunter2') { return 401 'you: $http_authorization'; }
                return 200 'a_total 1\\n'; }
            location /user { if ($http_authorization != 'Basic b3BzOmh1bnRlcjI=') { return 401; }
                return 200 'a_total 1\\n'; }
            location /header { if ($http_x_tenant != 'a') { return 403; } return 200 'a_total 1\\n'; }
            """
        try NginxServer.start(guarded).use { server in
            let secret = SecretPlace.environment(name: "SECRET")
            let tenant = [HeaderSetting(name: "X-Tenant", value: .text("a"))]
            let locations = [
                ScrapeLocation(pages: ["\(server.url)/token"], credentials: .bearer(token: secret)),
                ScrapeLocation(
                    pages: ["\(server.url)/user"],
                    credentials: .basic(user: "ops", password: secret)
                ),
                ScrapeLocation(pages: ["\(server.url)/header"], headers: tenant),
            ]
            for location in locations {
                let right = Self.source(location, environment: ["SECRET": "hunter2"])
                let answer = right.answer([Self.question()], deadline: .seconds(30)).measurements.first
                #expect(answer?.outcome == .firstLook)
            }
            let wrong = Self.source(locations[0], environment: ["SECRET": "hunter3"])
                .answer([Self.question()], deadline: .seconds(30)).measurements.first
            guard case .refused(.credentials, let message)? = wrong?.outcome else {
                Issue.record("\(String(describing: wrong))")
                return
            }
            #expect(message.hasSuffix("HTTP 401: you: Bearer ***"))
        }
        let open = ScrapeLocation(
            pages: ["http://127.0.0.1:1/metrics", "http://service.example/metrics"],
            credentials: .bearer(token: .environment(name: "SECRET"))
        )
        let denied = Self.source(open, environment: ["SECRET": "hunter2"])
            .answer([Self.question()], deadline: .seconds(1)).measurements.first
        let words = "credentials are not sent over plain http to service.example; use https"
        #expect(denied?.outcome == .refused(.credentials, message: words))
    }
}
