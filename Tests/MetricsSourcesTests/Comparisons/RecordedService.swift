import Assignment
import Rehearsal
import Rollout
import TidegateTestKit

/// A made-up service whose clients have one of two variants, as a metrics server would have recorded it.
///
/// Its clients come and fail at random, the same for the same seed. Until ``start`` all of them have the control.
struct RecordedService {
    /// Tells its series from those of other services on the same server.
    var name: String
    var seed: UInt64 = 1
    var start = Timestamp.newYear
    var before = Span.hours(25)
    var after: Span
    /// Between two samples.
    var step = Span.minutes(1)
    /// Of all clients together.
    var exposuresPerSecond = 20.0
    /// The share of clients with the treatment from ``start`` on.
    var treated = 0.1
    /// The share of exposures that fail.
    var failing = 0.02
    /// How many times as often those of the treatment do.
    var regression = 1.0
    /// How many exposures fail together.
    var cluster = 1
    /// Multiplies the failures of both variants for a while, counted from ``start``.
    var incident: (from: Span, length: Span, times: Double)?
    var measure = Measure.failures

    enum Measure {
        case failures
        /// The bound of the histogram's bucket as its label `le` says it.
        case durations(le: String)
    }

    /// What a check of it compares.
    var compared: ComparisonMeasure {
        let matchers = #"{service="\#(name)",variant="$variant"}"#
        return switch measure {
        case .failures:
            .failures(
                selector: "client_minutes_failed_total\(matchers)",
                exposures: "client_minutes_total\(matchers)"
            )
        case .durations: .slow(histogram: "update_seconds\(matchers)", bound: .milliseconds(250))
        }
    }

    /// Adds what it counted to a server's history.
    func record(in history: inout MetricsHistory) {
        var random = SplitMix64(seed: seed)
        var arms = [Arm(variant: "polling"), Arm(variant: "sse")]
        var moment = start - before
        while moment < start + after {
            let slice = moment
            moment = moment + step
            let treated = slice < start ? 0 : treated
            for (index, share) in [1 - treated, treated].enumerated() where share > 0 {
                let exposures = random.poisson(mean: exposuresPerSecond * step.seconds * share)
                let ratio = failing * (index == 1 ? regression : 1) * incidentFactor(at: slice)
                let failures = cluster * random.binomial(of: exposures / cluster, ratio: min(1, ratio))
                arms[index].count(exposures, failing: failures, at: moment)
            }
        }
        for arm in arms { arm.record(in: &history, of: self) }
    }

    private func incidentFactor(at moment: Timestamp) -> Double {
        guard let incident else { return 1 }
        let since = moment - start
        return since >= incident.from && since < incident.from + incident.length ? incident.times : 1
    }

    /// The counters of one variant.
    private struct Arm {
        var variant: String
        private var exposures = 0
        private var failures = 0
        private var exposed: [MetricsHistory.Sample] = []
        private var failed: [MetricsHistory.Sample] = []

        init(variant: String) { self.variant = variant }

        mutating func count(_ more: Int, failing: Int, at moment: Timestamp) {
            exposures += more
            failures += failing
            exposed.append(.init(at: moment, value: Double(exposures)))
            failed.append(.init(at: moment, value: Double(failures)))
        }

        func record(in history: inout MetricsHistory, of service: RecordedService) {
            guard !exposed.isEmpty else { return }
            let labels = ["service": service.name, "variant": variant]
            switch service.measure {
            case .failures:
                history.add("client_minutes_total", labels, samples: exposed, isCounter: true)
                // Without a failure there is no series of failures.
                let seen = failed.filter { $0.value > 0 }
                guard !seen.isEmpty else { return }
                history.add("client_minutes_failed_total", labels, samples: seen, isCounter: true)
            case .durations(let le):
                let fast = zip(exposed, failed).map {
                    MetricsHistory.Sample(at: $0.at, value: $0.value - $1.value)
                }
                for (bound, samples) in [(le, fast), ("+Inf", exposed)] {
                    let labels = labels.merging(["le": bound]) { $1 }
                    history.add("update_seconds_bucket", labels, samples: samples, isCounter: true)
                }
                history.add("update_seconds_count", labels, samples: exposed, isCounter: true)
            }
        }
    }
}

extension [RecordedService] {
    /// A Prometheus that has scraped all of these.
    func prometheus() throws -> PrometheusServer {
        var history = MetricsHistory(endingAt: .newYear)
        for service in self { service.record(in: &history) }
        return try PrometheusServer.start(history)
    }
}
