/// Changes that go out together, of which the last one of each session counts.
///
/// A change says what a session is, not what became different, so an earlier one of the same session adds nothing.
struct ChangeBatch: Sendable {
    private var changes: [SessionChange] = []
    /// Where in the batch each session's change is.
    private var places: [String: Int] = [:]

    var isEmpty: Bool { changes.isEmpty }

    /// Adds a change in place of an earlier one of the same session.
    ///
    /// - Returns: Whether there was an earlier one.
    mutating func add(_ change: SessionChange) -> Bool {
        if let place = places[change.id] {
            changes[place] = change
            return true
        }
        places[change.id] = changes.count
        changes.append(change)
        return false
    }

    /// All changes, each session once, by when it first changed; nothing is left.
    mutating func take() -> [SessionChange] {
        defer { self = ChangeBatch() }
        return changes
    }
}

extension SessionChange {
    /// The session it happens to.
    var id: String {
        switch self {
        case .upsert(let session): session.id
        case .remove(let id): id
        }
    }
}
