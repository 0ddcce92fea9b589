import CoreMetrics
import PrometheusMetrics
import Synchronization
import Testing
import TidegateTestKit

@Suite("Many threads")
struct ConcurrencyTests {
    @Test("lose no increment, also when they make their handlers anew each time")
    func sumsAreExact() {
        let metrics = PrometheusMetrics()
        let (threads, rounds) = (8, 2_000)
        Threads.run(
            (0..<threads).map { thread in
                {
                    let dimensions = [("thread", "\(thread % 2)"), ("kind", "x")]
                    for round in 0..<rounds {
                        let ordered = round % 2 == 0 ? dimensions : dimensions.reversed()
                        Counter(label: "c", dimensions: ordered, factory: metrics).increment()
                        FloatingPointCounter(label: "f", factory: metrics).increment(by: 0.5)
                        Meter(label: "g", factory: metrics).increment(by: 2)
                        Timer(label: "t", factory: metrics).recordNanoseconds(500_000_000)
                    }
                }
            }
        )
        let all = Double(threads * rounds)
        #expect(metrics.value(of: #"c{kind="x",thread="0"}"#) == all / 2)
        #expect(metrics.value(of: #"c{kind="x",thread="1"}"#) == all / 2)
        #expect(metrics.value(of: "f") == all / 2)
        #expect(metrics.value(of: "g") == all * 2)
        #expect(metrics.value(of: "t_count") == all)
        #expect(metrics.value(of: "t_sum") == all / 2)
    }

    @Test("lose no increment of handlers they share")
    func sharedHandlersAreExact() {
        let metrics = PrometheusMetrics()
        let whole = Counter(label: "c", factory: metrics)
        let fractional = FloatingPointCounter(label: "f", factory: metrics)
        let increment: @Sendable () -> Void = {
            for _ in 0..<50_000 {
                whole.increment()
                fractional.increment(by: 0.5)
            }
        }
        Threads.run([increment, increment, increment, increment])
        #expect(metrics.value(of: "c") == 200_000)
        #expect(metrics.value(of: "f") == 100_000)
    }

    @Test("never see a page whose count, buckets and sum disagree")
    func pagesAgree() {
        let metrics = PrometheusMetrics(descriptions: [
            MetricDescription(name: "h", help: "", buckets: [1, 3])
        ])
        let isDone = Atomic(false)
        let recorders = Atomic(4)
        let record: @Sendable () -> Void = {
            let recorder = Recorder(label: "h", factory: metrics)
            for _ in 0..<5_000 {
                recorder.record(2)
                recorder.record(4)
            }
            if recorders.wrappingSubtract(1, ordering: .relaxed).newValue == 0 {
                isDone.store(true, ordering: .relaxed)
            }
        }
        let read: @Sendable () -> Void = {
            while !isDone.load(ordering: .relaxed) {
                let text = metrics.text
                func value(_ series: String) -> Double {
                    text.split(separator: "\n").first { $0.hasPrefix(series + " ") }
                        .flatMap { Double($0.dropFirst(series.count + 1)) } ?? 0
                }
                let count = value("h_count")
                #expect(value(#"h_bucket{le="+Inf"}"#) == count)
                let low = value(#"h_bucket{le="3"}"#)
                #expect(value("h_sum") == low * 2 + (count - low) * 4)
            }
        }
        Threads.run([record, record, record, record, read])
        #expect(metrics.value(of: "h_sum") == 120_000)
    }
}
