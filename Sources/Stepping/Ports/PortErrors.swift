import Assignment

extension FlagTargetError {
    /// What happened, for a person.
    package var message: String {
        switch self {
        case .superseded(let found):
            "a newer order is already there (\(found.map { "revision \($0.revision)" } ?? "the flag is gone"))"
        case .unreadable(let message, _), .unavailable(let message, _), .forbidden(let message, _): message
        case .unconfirmed(let found):
            "was written, but reads back as \(found.map { "revision \($0.revision)" } ?? "nothing")"
        }
    }

    /// What to do about it, where that is known.
    package var hint: String? {
        switch self {
        case .unreadable(_, let hint), .unavailable(_, let hint), .forbidden(_, let hint): hint
        case .superseded, .unconfirmed: nil
        }
    }
}

extension StateStoreError {
    /// What happened, for a person.
    package var message: String {
        switch self {
        case .conflict: "somebody else saved first"
        case .corrupt(let message, _), .unavailable(let message, _), .forbidden(let message, _): message
        case .newerSchema(let found, let supported):
            "the store was written by a newer version (schema \(found); this one knows \(supported))"
        }
    }

    /// What to do about it, where that is known.
    package var hint: String? {
        switch self {
        case .corrupt(_, let hint), .unavailable(_, let hint), .forbidden(_, let hint): hint
        case .newerSchema: "upgrade tidegate on this host"
        case .conflict: nil
        }
    }
}
