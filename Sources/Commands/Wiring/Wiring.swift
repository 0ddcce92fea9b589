import FlagTargets
import Glibc
import MetricsSources
import Rollout
import StateStores
import Stepping

/// The one place that names concrete adapters.
struct Wiring: Sendable {
    var environment: [String: String]

    /// Loads what a tick will need of the adapters, in the order it needs them.
    static func warmUp() {
        SQLiteStateStore.warmUp()
        PrometheusSource.warmUp()
    }

    /// A world that can change state and targets.
    ///
    /// A store that cannot be opened fails when it is used.
    func world(_ store: StoreLocation) -> World {
        World(
            clock: SystemClock(),
            store: stateStore(store),
            source: metricsSource,
            targets: { [self] policy in policy.targets.map { target($0, of: policy) } }
        )
    }

    /// A world that cannot write: its ports have no method that does.
    func readOnlyWorld(_ store: StoreLocation) -> ReadOnlyWorld {
        ReadOnlyWorld(
            clock: SystemClock(),
            store: stateStoreReader(store),
            source: metricsSource,
            targets: { policy in policy.targets.map { Self.reader($0, of: policy) } }
        )
    }

    /// A world that answers from a recording, and the moment at which all of the recording is evidence.
    func recordedWorld(_ path: String, _ policy: Policy, _ store: StoreLocation) throws(Failure)
        -> RecordedWorld
    {
        do throws(RecordingError) {
            let recording = try Recording.read(path: path)
            let source = RecordedSource(recording, staleAfter: policy.metrics.staleAfter)
            var world = readOnlyWorld(store)
            world.source = { _ in source }
            return RecordedWorld(world: world, end: recording.last + policy.metrics.lag)
        } catch {
            throw Failure(
                message: error.description,
                hint: "record an OpenMetrics page with timestamps",
                status: .badData
            )
        }
    }

    private func stateStore(_ location: StoreLocation) -> any StateStore {
        do throws(StateStoreError) {
            switch location {
            case .sqlite(let path): return try SQLiteStateStore(path: path)
            }
        } catch {
            return UnusableStateStore(error)
        }
    }

    func stateStoreReader(_ location: StoreLocation) -> any StateStoreReading {
        switch location {
        case .sqlite(let path): SQLiteStateStoreReader(path: path)
        }
    }

    private func metricsSource(_ policy: Policy) -> any MetricsSource {
        switch policy.metrics {
        case .prometheus(let location):
            PrometheusSource(location: location, environment: environment, now: SystemClock().now)
        case .scrape(let location):
            ScrapeSource(location: location, environment: environment)
        }
    }

    private func target(_ location: TargetLocation, of policy: Policy) -> any FlagTarget {
        switch location {
        case .file(let path, let format, _):
            FileTarget(
                path: path,
                format: format,
                flag: policy.flag,
                variants: policy.variants,
                beforeWrite: stopSeam
            )
        }
    }

    private static func reader(_ location: TargetLocation, of policy: Policy) -> any FlagTargetReading {
        switch location {
        case .file(let path, let format, _):
            FileTargetReader(path: path, format: format, flag: policy.flag, variants: policy.variants)
        }
    }

    /// Stops this process just before it writes to a target, for trying out what a continued one may still do.
    private var stopSeam: @Sendable () -> Void {
        guard environment["TIDEGATE_STOP_BEFORE_WRITE"] == "1" else { return {} }
        return { _ = raise(SIGSTOP) }
    }
}

/// A recording to judge on, and when.
struct RecordedWorld {
    var world: ReadOnlyWorld
    var end: Timestamp
}
