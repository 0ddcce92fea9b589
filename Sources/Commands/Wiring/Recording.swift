import MetricsSources
import Rollout
import Stepping

extension Wiring {
    func recordedWorld(_ path: String, _ store: StoreLocation) throws -> (ReadOnlyWorld, Timestamp) {
        fatalError()
    }
}
