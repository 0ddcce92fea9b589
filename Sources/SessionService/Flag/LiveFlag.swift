package import Assignment
import Synchronization

/// Who gets the treatment at this moment.
package final class LiveFlag: Sendable {
    private let current: Mutex<Assigner>

    package init(_ assigner: Assigner) {
        current = Mutex(assigner)
    }

    /// What clients are assigned under.
    package var assigner: Assigner { current.withLock { $0 } }

    /// Assigns clients under another allocation from now on.
    package func adopt(_ assigner: Assigner) {
        current.withLock { $0 = assigner }
    }
}
