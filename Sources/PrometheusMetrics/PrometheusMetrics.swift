package import CoreMetrics
import Synchronization

/// Keeps what swift-metrics reports and writes it as a page that Prometheus scrapes.
///
/// Counters become counters, meters and recorders without aggregation become gauges, timers and recorders with
/// aggregation become histograms; a timer's nanoseconds are exported as seconds. Handlers of one label and the same
/// dimensions, in whatever order, share one series, so they may be made again for every use. Names are made legal:
/// see ``LegalName``. A name that already belongs to a metric of another type is not exported a second time; the
/// page counts such refusals in `metrics_refused_total`.
///
/// The number of series is not limited: dimensions must not carry ids of clients.
package final class PrometheusMetrics: MetricsFactory {
    private let registry: Mutex<Registry>
    private let process = ProcessStatistics()

    /// An empty page.
    ///
    /// - Parameter descriptions: Help and buckets, by exported name; of two for one name the last counts.
    package init(descriptions: [MetricDescription] = []) {
        registry = Mutex(
            Registry(descriptions: descriptions, reserving: ProcessStatistics.descriptions.map(\.name))
        )
    }

    /// The metrics of this moment in the Prometheus text format 0.0.4, sorted by name and labels.
    ///
    /// Its content type is `text/plain; version=0.0.4; charset=utf-8`.
    package func page() -> [UInt8] {
        var page = TextPage()
        let families = registry.withLock { $0.exported() } + process.exported()
        for family in families.sorted(by: { $0.name < $1.name }) {
            page.begin(family)
            for series in family.series { series.write(to: &page) }
        }
        return page.bytes
    }
}

extension PrometheusMetrics {
    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        counter(label, dimensions)
    }

    package func makeFloatingPointCounter(
        label: String,
        dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        counter(label, dimensions)
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        gauge(label, dimensions)
    }

    package func makeRecorder(
        label: String,
        dimensions: [(String, String)],
        aggregate: Bool
    ) -> any RecorderHandler {
        if aggregate { histogram(label, dimensions) } else { gauge(label, dimensions) }
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        histogram(label, dimensions)
    }

    private func counter(_ label: String, _ dimensions: [(String, String)]) -> CounterSeries {
        let identity = SeriesIdentity(label: label, dimensions: dimensions, of: .counter)
        return registry.withLock { $0.series(identity) { _ in CounterSeries(identity) } }
    }

    private func gauge(_ label: String, _ dimensions: [(String, String)]) -> GaugeSeries {
        let identity = SeriesIdentity(label: label, dimensions: dimensions, of: .gauge)
        return registry.withLock { $0.series(identity) { _ in GaugeSeries(identity) } }
    }

    private func histogram(_ label: String, _ dimensions: [(String, String)]) -> HistogramSeries {
        let identity = SeriesIdentity(label: label, dimensions: dimensions, of: .histogram)
        return registry.withLock {
            $0.series(identity) {
                HistogramSeries(identity, bounds: $0?.buckets ?? HistogramSeries.latencies)
            }
        }
    }
}

// A series leaves the page for every handler that shares it; one made afterwards begins anew.
extension PrometheusMetrics {
    package func destroyCounter(_ handler: any CounterHandler) { remove(handler) }

    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) { remove(handler) }

    package func destroyMeter(_ handler: any MeterHandler) { remove(handler) }

    package func destroyRecorder(_ handler: any RecorderHandler) { remove(handler) }

    package func destroyTimer(_ handler: any TimerHandler) { remove(handler) }

    private func remove(_ handler: AnyObject) {
        guard let series = handler as? any Series else { return }
        registry.withLock { $0.remove(series) }
    }
}
