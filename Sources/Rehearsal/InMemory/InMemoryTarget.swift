package import Assignment
package import Stepping
import Synchronization

/// A target that lasts as long as the process: the reference the real ones are held against.
package final class InMemoryTarget: FlagTarget {
    package let identity: String
    private let document: Mutex<Allocation?>

    package init(identity: String = "memory:flags", showing published: Allocation? = nil) {
        self.identity = identity
        document = Mutex(published)
    }

    /// What the document says now.
    package var shown: Allocation? { document.withLock { $0 } }

    package func read() throws(FlagTargetError) -> Allocation? { shown }

    package func carryOut(_ order: PublishOrder) throws(FlagTargetError) -> Allocation? {
        let (decision, found) = document.withLock { document in
            let decision = order.resolved(against: document)
            if case .write(let allocation) = decision { document = allocation }
            return (decision, document)
        }
        guard decision != .superseded else { throw .superseded(found: found) }
        return found
    }

    package func probe() throws(FlagTargetError) {}

    /// Changes the document behind the controller's back, as a person with an editor does.
    package func edit(to allocation: Allocation?) {
        document.withLock { $0 = allocation }
    }
}
