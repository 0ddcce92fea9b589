import Rollout
import TidegateTestKit

/// What the tests about history ask for, in the history that all live tests share.
extension MetricsHistory {
    mutating func addPast() {
        counter("past_total", ["pod": "steady"], perSecond: 0.25)
        counter("past_total", ["pod": "restarted"], perSecond: 0.5, resetAgo: .seconds(270))
        past("past_total", ["pod": "newborn"], [(165, 6), (150, 6), (105, 7), (0, 7)])
        // Silent for longer than a server remembers by itself, and 40 more when it comes back.
        past("past_total", ["pod": "interrupted"], [(1_700, 900), (560, 903), (75, 943), (0, 943)])
        // Away when the history begins; not newborn when it comes back.
        past("past_total", ["pod": "late"], [(7_200, 1_000), (7_185, 1_000), (145, 1_005), (0, 1_005)])

        // The server knows nothing from before: what these stood at when it first looked are no events.
        past("found_total", ["pod": "a"], [(485, 10_000), (300, 10_004), (0, 10_006)])
        past("found_total", ["pod": "b"], [(430, 500), (300, 500), (0, 500)])
        past("found_total", ["pod": "born"], [(90, 3), (0, 3)])
        past("found_failed_total", [:], [(480, 70), (300, 71), (0, 71)])

        for pod in 0..<200 {
            past("crowd_total", ["pod": "\(pod)"], [(72_000, 0), (71_940, 2), (3_600, 2), (3_540, 3)])
        }
        past("crowd_failed_total", [:], [(72_000, 0), (71_940, 9), (3_600, 9), (3_540, 10)])

        // Each variant's own pace; two libraries that write one second each in their way.
        for (variant, pace) in [("sse", 1.0), ("polling", 4)] {
            for (pod, second) in [("a", "1"), ("b", "1.0")] {
                let labels = ["variant": variant, "pod": pod]
                for (le, share) in [("0.25", 0.5), (second, 0.75), ("+Inf", 1)] {
                    let bucket = labels.merging(["le": le]) { $1 }
                    counter("update_seconds_bucket", bucket, perSecond: pace * share)
                }
                counter("update_seconds_count", labels, perSecond: pace)
            }
        }

        add("sinking", samples: [.init(at: end - .minutes(2), value: -3)], isCounter: false)
    }

    /// A counter by how long ago, in seconds, it stood at what.
    private mutating func past(
        _ name: String,
        _ labels: [String: String],
        _ values: [(ago: Int64, value: Double)]
    ) {
        var samples: [Sample] = []
        for (index, one) in values.enumerated() {
            let next = index + 1 < values.count ? values[index + 1].ago : 0
            // Often enough to be there all the time, unless the next value is far away.
            let times =
                one.ago - next > 300 ? [one.ago] : Array(stride(from: one.ago, through: next, by: -15))
            samples += times.map { Sample(at: end - .seconds($0), value: one.value) }
        }
        // The next value stands at its own moment.
        var last: [Timestamp: Double] = [:]
        for sample in samples { last[sample.at] = sample.value }
        samples = last.map { Sample(at: $0.key, value: $0.value) }.sorted { $0.at < $1.at }
        add(name, labels, samples: samples, isCounter: true)
    }
}
