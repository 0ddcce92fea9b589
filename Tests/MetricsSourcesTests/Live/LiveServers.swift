import Rollout
import Stepping
import TidegateTestKit

@testable import MetricsSources

/// The servers that all live tests share, over one history; they end with the test process.
enum LiveServer: String, CaseIterable, Sendable {
    case prometheus
    case victoriaMetrics

    static let end = Timestamp.newYear

    private static let startedPrometheus = Result { try PrometheusServer.start(history) }
    private static let startedVictoriaMetrics = Result { try VictoriaMetricsServer.start(history) }

    var url: String {
        get throws {
            switch self {
            case .prometheus: try Self.startedPrometheus.get().url
            case .victoriaMetrics: try Self.startedVictoriaMetrics.get().url
            }
        }
    }

    /// Asks one question of a source with the location's defaults.
    func answer(_ subject: MetricQuestion.Subject, seriesLimit: Int = 500) throws -> Measurement {
        try LiveServer.answer(subject, at: PrometheusLocation(url: url, seriesLimit: seriesLimit))
    }

    static func answer(
        _ subject: MetricQuestion.Subject,
        at location: PrometheusLocation,
        environment: [String: String] = [:],
        within limit: Span = .seconds(30),
        pacing: Pacing = .impatient
    ) throws -> Measurement {
        let question = MetricQuestion(check: "errors", role: .value, subject: subject)
        let source = PrometheusSource(
            location: location,
            environment: environment,
            now: { .newYear },
            pacing: pacing
        )
        let answers = source.answer([question], deadline: limit)
        guard let measurement = answers.measurements.first, answers.measurements.count == 1 else {
            throw ProgramError(
                program: "source",
                reason: "gave \(answers.measurements.count) measurements",
                output: ""
            )
        }
        return measurement
    }

    /// Half an hour of samples every 15 s, with everything that goes wrong in real ones.
    static let history: MetricsHistory = {
        var history = MetricsHistory(endingAt: end)
        history.counter("requests_total", ["pod": "steady"], perSecond: 10)
        history.counter("requests_total", ["pod": "restarted"], perSecond: 5, resetAgo: .minutes(2))
        history.add(
            "requests_total",
            ["pod": "newborn"],
            samples: (0...6).map { .init(at: end - .seconds(90 - 15 * $0), value: Double(36 + 30 * $0)) },
            isCounter: true
        )
        history.counter("quiet_total", perSecond: 0)
        history.counter("stopped_total", perSecond: 1, silentFor: .minutes(4))
        history.counter("gone_total", perSecond: 1, silentFor: .minutes(20))
        history.add(
            "interrupted_total",
            samples: [(1_500, 1_000), (1_485, 1_001), (30, 1_007), (15, 1_008)]
                .map { .init(at: end - .seconds($0.0), value: $0.1) },
            isCounter: true
        )
        for pod in 0..<12 { history.counter("many_total", ["pod": "\(pod)"], perSecond: 1) }
        history.gauge("load", ["pod": "a"], value: 1)
        history.gauge("load", ["pod": "b"], value: 2)
        history.gauge("zero", value: 0)
        history.gauge("quoted", ["path": "a\"b\\c"], value: 7)
        history.gauge("old_load", value: 3, silentFor: .minutes(4))
        history.addPast()
        return history
    }()
}

extension Pacing {
    /// Retries without waiting.
    static let impatient = Pacing(random: { _ in 0 }, sleep: { _ in })
}
