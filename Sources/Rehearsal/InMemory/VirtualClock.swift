package import Rollout
import Stepping
import Synchronization

/// A clock that stands still until it is moved, and moves instead of making anybody sleep.
package final class VirtualClock: WallClock {
    private let moment: Mutex<Timestamp>

    package init(at moment: Timestamp) {
        self.moment = Mutex(moment)
    }

    package func now() -> Timestamp { moment.withLock { $0 } }

    package func sleep(_ span: Span) { move(by: span) }

    /// Moves the clock; a negative span sets it back.
    package func move(by span: Span) {
        moment.withLock { $0 = $0 + span }
    }
}
