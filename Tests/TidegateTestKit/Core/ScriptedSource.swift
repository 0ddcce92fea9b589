package import Rollout
package import Stepping
import Synchronization

/// A metrics source whose weather a test makes; remembers what it was asked.
package final class ScriptedSource: MetricsSource {
    private struct Script {
        var weather: Weather
        var clockAhead: Span?
        var asked: [[MetricQuestion]] = []
        var past: [HistoryAnswer] = []
    }

    private let script: Mutex<Script>

    package init(_ weather: Weather = .healthy) {
        script = Mutex(Script(weather: weather, clockAhead: .zero))
    }

    package func answer(_ questions: [MetricQuestion], deadline: Span) -> Answers {
        script.withLock { script in
            script.asked.append(questions)
            let measurements = script.weather.measurements(of: questions)
            return Answers(measurements: measurements, serverClockAhead: script.clockAhead)
        }
    }

    package func history(_ questions: [HistoryQuestion], deadline: Span) -> [HistoryAnswer] {
        script.withLock { script in
            questions.indices.map { index in
                script.past.indices.contains(index) ? script.past[index] : .unavailable("no history")
            }
        }
    }

    /// What questions about history are answered, in their order; the rest has none.
    package func remember(_ past: [HistoryAnswer]) {
        script.withLock { $0.past = past }
    }

    package func turn(_ weather: Weather) {
        script.withLock { $0.weather = weather }
    }

    package func setClock(ahead: Span?) {
        script.withLock { $0.clockAhead = ahead }
    }

    /// Every batch of questions so far.
    package var asked: [[MetricQuestion]] { script.withLock { $0.asked } }
}

/// A source that does not answer as planned; its call is named `source.answer`.
package struct FaultySource: MetricsSource {
    private let base: any MetricsSource
    private let plan: FaultPlan

    package init(_ base: any MetricsSource, failing plan: FaultPlan) {
        self.base = base
        self.plan = plan
    }

    package func answer(_ questions: [MetricQuestion], deadline: Span) -> Answers {
        guard plan.moment(of: "source.answer") == nil else {
            let outcome = Outcome.unreachable(message: "connection refused")
            return Answers(measurements: questions.map { Measurement(question: $0, outcome: outcome) })
        }
        return base.answer(questions, deadline: deadline)
    }

    package func history(_ questions: [HistoryQuestion], deadline: Span) -> [HistoryAnswer] {
        base.history(questions, deadline: deadline)
    }
}
