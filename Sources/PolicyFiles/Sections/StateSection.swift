import Rollout

/// The keys that say where the state lives.
enum StateKey: String, SectionKey {
    case sqlite

    static let section = "'state'"
    static let later = ["kubernetes", "etcd"]
    static let synonyms: [String: StateKey] = ["path": .sqlite, "file": .sqlite, "database": .sqlite]
}

extension Value {
    func storeLocation(in folder: String) -> StoreLocation? {
        guard let fields = Fields(self, keys: StateKey.self) else { return nil }
        return fields.required(.sqlite) { $0.filePath(in: folder) }.map { .sqlite(path: $0) }
    }
}
