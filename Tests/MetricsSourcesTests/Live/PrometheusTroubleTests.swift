import Rollout
import Testing
import TidegateTestKit

@testable import MetricsSources

@Suite("A Prometheus in trouble")
struct PrometheusTroubleTests {
    private static let value = MetricQuestion.Subject.value(
        expression: "sum(load)",
        at: LiveServer.end,
        selectors: ["load"]
    )
    private static let count = MetricQuestion.Subject.count(
        selector: "requests_total",
        from: LiveServer.end - .minutes(5),
        through: LiveServer.end
    )

    @Test("with a dead remote read gives partial answers")
    func deadRemoteRead() throws {
        let options = PrometheusServer.Options.with { $0.deadRemoteRead = true }
        try PrometheusServer.start(LiveServer.history, options: options).use { server in
            for subject in [Self.value, Self.count] {
                let outcome = try LiveServer.answer(subject, at: PrometheusLocation(url: server.baseURL))
                    .outcome
                guard case .partial(let warnings) = outcome else {
                    Issue.record("\(outcome)")
                    continue
                }
                #expect(warnings.first?.contains("remote_read") == true)
            }
        }
    }

    @Test("that may not load enough samples refuses the question")
    func tooManySamples() throws {
        let options = PrometheusServer.Options.with { $0.maxSamples = 10 }
        try PrometheusServer.start(LiveServer.history, options: options).use { server in
            let outcome = try LiveServer.answer(Self.count, at: PrometheusLocation(url: server.baseURL))
                .outcome
            guard case .refused(.request, let message) = outcome else {
                Issue.record("\(outcome)")
                return
            }
            #expect(message.contains("too many samples"))
        }
    }

    @Test("with a password and a path prefix lets in who knows both")
    func basicAuthentication() throws {
        let options = PrometheusServer.Options.with {
            $0.basicAuth = true
            $0.pathPrefix = "/prom"
        }
        try PrometheusServer.start(LiveServer.history, options: options).use { server in
            var location = PrometheusLocation(url: server.baseURL + "/")
            location.credentials = .basic(user: PrometheusServer.user, password: .environment(name: "PW"))
            let right = try LiveServer.answer(
                Self.value,
                at: location,
                environment: ["PW": PrometheusServer.password]
            )
            #expect(right.outcome == .value(Reading(value: 3, newestSample: LiveServer.end)))
            let wrong = try LiveServer.answer(Self.value, at: location, environment: ["PW": "hunter2"])
            guard case .refused(.credentials, let message) = wrong.outcome else {
                Issue.record("\(wrong.outcome)")
                return
            }
            #expect(message.contains("401"))
            #expect(!message.contains("hunter2"))
            let unset = try LiveServer.answer(Self.value, at: location)
            #expect(unset.outcome == .refused(.credentials, message: "environment variable PW is not set"))
        }
    }
}
