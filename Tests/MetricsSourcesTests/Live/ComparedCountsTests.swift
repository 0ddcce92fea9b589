import Assignment
import Rollout
import Stepping
import Testing
import TidegateTestKit

@testable import MetricsSources

@Suite("The counts of a comparison")
struct ComparedCountsTests {
    /// A policy that compares how long updates take, judged over the last five minutes.
    private static func policy(slowerThan bound: Span, objective: Double? = nil) -> Policy {
        let measure = ComparisonMeasure.slow(histogram: #"update_seconds{variant="$variant"}"#, bound: bound)
        let comparison = Comparison(measure: measure, objective: objective)
        return .example(
            steps: [(10, .minutes(5))],
            checks: [Check(name: "updates", rule: .comparison(comparison))]
        )
    }

    /// What a start asks of a live server.
    private static func measurements(of policy: Policy, on server: LiveServer) throws -> [Measurement] {
        let source = PrometheusSource(
            location: PrometheusLocation(url: try server.url),
            environment: [:],
            now: { LiveServer.end },
            pacing: .impatient
        )
        let now = LiveServer.end + policy.metrics.lag
        return source.answer(policy.trialQuestions(at: now), deadline: .seconds(30)).measurements
    }

    private static func values(_ measurements: [Measurement]) -> [MetricQuestion.Role: Double] {
        measurements.reduce(into: [:]) { $0[$1.question.role] = $1.outcome.reading?.value }
    }

    @Test(
        "are four, from the buckets of a histogram however they write their bounds",
        arguments: LiveServer.allCases,
        [Span.milliseconds(250), .seconds(1)]
    )
    func four(server: LiveServer, bound: Span) throws {
        let policy = Self.policy(slowerThan: bound)
        let measurements = try Self.measurements(of: policy, on: server)
        let share = bound == .seconds(1) ? 0.75 : 0.5
        // Two pods for 300 seconds.
        let expected: [MetricQuestion.Role: Double] = [
            .treatmentInTime: 600 * share, .treatmentExposures: 600,
            .controlInTime: 2_400 * share, .controlExposures: 2_400,
        ]
        #expect(Self.values(measurements) == expected)
        #expect(measurements.allSatisfy { $0.outcome.reading?.seriesCount == 2 })
        #expect(throws: Never.self) { try policy.checkAnswerable(measurements, acceptingNoData: false) }
    }

    @Test("cannot be had without the bucket of the bound", arguments: LiveServer.allCases, [nil, 0.05])
    func noBucket(server: LiveServer, objective: Double?) throws {
        let policy = Self.policy(slowerThan: .milliseconds(300), objective: objective)
        let measurements = try Self.measurements(of: policy, on: server)
        for accepting in [false, true] {
            let refused = #expect(throws: Refused.self) {
                try policy.checkAnswerable(measurements, acceptingNoData: accepting)
            }
            #expect(refused?.message.hasSuffix("'s bucket of the bound) does not exist") == true)
            #expect(refused?.hint == "let 'slowerThan' be one of the bounds (le) that the histogram has")
            #expect(refused?.kind == .policy)
        }
    }

    @Test("that nobody has with a misspelt name are not a matter of buckets", arguments: LiveServer.allCases)
    func misspelt(server: LiveServer) throws {
        let measure = ComparisonMeasure.slow(histogram: "updates{v=\"$variant\"}", bound: .milliseconds(250))
        let policy = Policy.example(
            checks: [Check(name: "updates", rule: .comparison(Comparison(measure: measure)))]
        )
        let measurements = try Self.measurements(of: policy, on: server)
        #expect(measurements.allSatisfy { $0.outcome == .noData })
        let refused = #expect(throws: Refused.self) {
            try policy.checkAnswerable(measurements, acceptingNoData: false)
        }
        #expect(refused?.message.hasSuffix("finds no current data") == true)
    }

    @Test("are counted from a service's own page by difference")
    func scraped() throws {
        func page(_ looks: Int) -> String {
            var page = "# TYPE update_seconds histogram\n"
            for (variant, pace) in [("sse", 10), ("polling", 90)] {
                for (le, share) in [("0.25", 5), ("1.0", 8), ("+Inf", 10)] {
                    let count = looks * pace * share / 10
                    page += "update_seconds_bucket{variant=\"\(variant)\",le=\"\(le)\"} \(count)\n"
                }
                page += "update_seconds_count{variant=\"\(variant)\"} \(looks * pace)\n"
            }
            return page
        }
        let configuration = "location / { default_type 'text/plain; version=0.0.4'; }"
        try NginxServer.start(configuration, files: ["metrics": page(3)]).use { server in
            let location = ScrapeLocation(pages: ["\(server.url)/metrics"])
            let source = ScrapeSource(location: location, environment: [:], pacing: .impatient)
            for (bound, share) in [(Span.milliseconds(250), 5.0), (.seconds(1), 8)] {
                try TextFile.write(page(3), to: "\(server.program.directory)/metrics", mode: 0o644)
                let policy = Self.policy(slowerThan: bound)
                var questions = policy.trialQuestions(at: .newYear)
                let first = source.answer(questions, deadline: .seconds(30)).measurements
                #expect(first.map(\.outcome) == [.firstLook, .firstLook, .firstLook, .firstLook])
                for index in questions.indices { questions[index].memory = first[index].counters }
                try TextFile.write(page(7), to: "\(server.program.directory)/metrics", mode: 0o644)
                let next = source.answer(questions, deadline: .seconds(30)).measurements
                let expected: [MetricQuestion.Role: Double] = [
                    .treatmentInTime: 4 * share, .treatmentExposures: 40,
                    .controlInTime: 36 * share, .controlExposures: 360,
                ]
                #expect(Self.values(next) == expected)
            }
            let policy = Self.policy(slowerThan: .milliseconds(300))
            let missing = source.answer(policy.trialQuestions(at: .newYear), deadline: .seconds(30))
                .measurements
            let refused = #expect(throws: Refused.self) {
                try policy.checkAnswerable(missing, acceptingNoData: true)
            }
            #expect(refused?.hint?.hasPrefix("let 'slowerThan' be one of the bounds") == true)
        }
    }
}
