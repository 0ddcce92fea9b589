import FoundationEssentials
import NIOCore
import Synchronization

/// Changes that depend on what the list says, one after the other, so that none undoes another.
final class SessionDesk: Sendable {
    /// There are as many sessions as there may be, or they are as long as they may be together.
    struct Full: Error {}

    /// The most sessions that clients may create; every snapshot carries them all.
    static let capacity = 1_000
    /// The most bytes the list may have that clients add to.
    ///
    /// A client that reads nothing may keep one whole list waiting.
    static let listBytes = 256 * 1_024

    private let store: SessionStore
    private let turn = Mutex(())

    init(store: SessionStore) {
        self.store = store
    }

    /// Adds a running session.
    func create(name: String, command: [String], folder: String?) throws(Full) -> Session {
        try turn.withLock { _ throws(Full) in
            guard store.list.count < Self.capacity, store.document().body.readableBytes < Self.listBytes
            else {
                throw Full()
            }
            let now = Date()
            let session = Session(
                id: "s\(String(UInt64.random(in: 0...UInt64.max), radix: 36))",
                name: name,
                status: .running,
                command: command,
                folder: folder,
                createdAt: now,
                updatedAt: now
            )
            store.publish([.upsert(session)])
            return session
        }
    }

    /// Changes a session.
    ///
    /// - Returns: What it is now; nil where there is none.
    func change(_ id: String, _ change: (inout Session) -> Void) -> Session? {
        turn.withLock { _ in
            guard let session = store.session(id) else { return nil }
            var changed = session
            change(&changed)
            guard changed != session else { return session }
            changed.updatedAt = Date()
            store.publish([.upsert(changed)])
            return changed
        }
    }

    /// Makes the change that follows from the list; nobody else changes it meanwhile.
    func change(_ next: (_ sessions: [Session]) -> SessionChange) {
        turn.withLock { _ in store.publish([next(store.list)]) }
    }

    /// Takes a session off the list.
    ///
    /// - Returns: Whether there was one.
    func remove(_ id: String) -> Bool {
        turn.withLock { _ in
            guard store.session(id) != nil else { return false }
            store.publish([.remove(id: id)])
            return true
        }
    }
}

extension SessionStore {
    /// A session by its id; nil where there is none.
    fileprivate func session(_ id: String) -> Session? { list.first { $0.id == id } }
}
