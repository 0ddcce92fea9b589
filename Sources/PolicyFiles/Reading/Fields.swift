/// The keys that one kind of mapping may have.
protocol SectionKey: CaseIterable, RawRepresentable<String>, Hashable {
    /// What the mapping describes: "a step".
    static var section: String { get }
    /// Words that belong here in a later version.
    static var later: [String] { get }
    /// Words people know from elsewhere, and the key they are called here.
    static var synonyms: [String: Self] { get }
    /// Keys that belong into another mapping, and where: "at the top of the policy".
    static var elsewhere: [String: String] { get }
    /// Words people know from elsewhere for what is written in another way here, and that way.
    static var advice: [String: String] { get }
    /// Keys under which a secret would stand in plain text, and what to write instead.
    static var secrets: [String: String] { get }
}

extension SectionKey {
    static var later: [String] { [] }
    static var synonyms: [String: Self] { [:] }
    static var elsewhere: [String: String] { [:] }
    static var advice: [String: String] { [:] }
    static var secrets: [String: String] { [:] }
}

/// A mapping read by its keys: whatever is unknown, missing or in the wrong place ends up in the findings.
struct Fields<Key: SectionKey> {
    private let value: Value
    private let entries: [Key: Value]
    /// Keys that an unknown key was taken for: that they are missing is said already.
    private let meant: Set<Key>
    /// Something that may stand for other keys was refused, so that what is missing cannot be known.
    private let isIncomplete: Bool

    /// Notes every unknown key at once; nil when the value is no mapping.
    init?(_ value: Value, keys: Key.Type = Key.self) {
        switch value.content {
        case .mapping(let written):
            var entries: [Key: Value] = [:]
            var meant: Set<Key> = []
            for entry in written {
                if let key = Key(rawValue: entry.key) {
                    entries[key] = entry.value
                } else if let key = Self.refuse(entry, besides: written.map(\.key), findings: value.findings)
                {
                    meant.insert(key)
                }
            }
            self.value = value
            self.entries = entries
            self.meant = meant
            self.isIncomplete = written.contains {
                Key.later.contains($0.key) || Key.advice.keys.contains($0.key) || $0.key == "<<"
            }
        case .empty:
            value.findings.error(
                "empty-value",
                "\(value.name) is empty",
                hint: Self.expectation,
                at: value.place
            )
            return nil
        case .text, .list:
            let message = "\(value.name) must be a mapping, but it is \(value.kind)"
            value.findings.error("wrong-kind", message, hint: Self.expectation, at: value.place)
            return nil
        case .broken:
            return nil
        }
    }

    /// The value under a key, if the key is there.
    subscript(key: Key) -> Value? { entries[key] }

    /// The first of some keys that is there.
    func first(of keys: Key...) -> (key: Key, value: Value)? {
        keys.lazy.compactMap { key in entries[key].map { (key, $0) } }.first
    }

    /// What `read` makes of a key that must be there; nil when it is missing or was found wrong.
    func required<Result>(_ key: Key, _ read: (Value) -> Result?) -> Result? {
        guard let value = entries[key] else { return missing(key) }
        return read(value)
    }

    /// What `read` makes of a key, or the default where the key is missing; nil when it was found wrong.
    func optional<Result>(_ key: Key, default: Result, _ read: (Value) -> Result?) -> Result? {
        guard let value = entries[key] else { return `default` }
        return read(value)
    }

    /// What `read` makes of a key; nil when it is missing or was found wrong.
    func optional<Result>(_ key: Key, _ read: (Value) -> Result?) -> Result? {
        entries[key].flatMap(read)
    }

    /// The one of several keys that is there; none and more than one are errors.
    func exactlyOne(of keys: Key..., hint: String = "keep one of them") -> (key: Key, value: Value)? {
        let present = keys.filter { entries[$0] != nil }
        guard let first = present.first, let value = entries[first] else { return missing(keys) }
        guard present.count == 1 else {
            let names = Self.list(present, joined: " and ")
            return self.value.fail("conflicting-keys", "\(Key.section) cannot have both \(names)", hint: hint)
        }
        return (first, value)
    }

    /// Notes that one of some keys should be there, unless that follows from what was noted already.
    func missing<Result>(_ keys: Key...) -> Result? { missing(keys) }

    private func missing<Result>(_ keys: [Key]) -> Result? {
        guard !isIncomplete, meant.isDisjoint(with: keys) else { return nil }
        return value.fail("missing-key", "\(Key.section) needs \(Self.list(keys, joined: " or "))")
    }

    /// Notes every one of some keys that is there though it means nothing here.
    func refuse(_ keys: Key..., because reason: String) {
        for key in keys {
            guard let value = entries[key] else { continue }
            value.findings.error(
                "misplaced-key",
                "'\(key.rawValue)' means nothing here: \(reason)",
                at: value.place
            )
        }
    }

    /// Notes something wrong with the mapping as a whole.
    func fail<Result>(_ code: String, _ message: String, hint: String? = nil) -> Result? {
        value.fail(code, message, hint: hint)
    }

    private static var expectation: String {
        "\(Key.section) has the keys \(list(Array(Key.allCases), joined: ", "))"
    }

    private static func list(_ keys: [Key], joined separator: String) -> String {
        keys.map { "'\($0.rawValue)'" }.joined(separator: separator)
    }

    /// Notes why a key is not taken, and returns the one that was probably meant.
    private static func refuse(_ entry: Value.Entry, besides written: [String], findings: Findings) -> Key? {
        if Key.later.contains(entry.key) {
            let message = "'\(entry.key)' is not supported by this version"
            findings.error("not-supported", message, at: entry.place)
        } else if let place = Key.elsewhere[entry.key] {
            let message = "'\(entry.key)' means nothing in \(Key.section)"
            findings.error("misplaced-key", message, hint: "write it \(place)", at: entry.place)
        } else if let advice = Key.advice[entry.key] {
            let message = "unknown key '\(entry.key)' in \(Key.section)"
            findings.error("unknown-key", message, hint: advice, at: entry.place)
        } else if let instead = Key.secrets[entry.key] {
            let message = "'\(entry.key)' would keep a secret in plain text"
            findings.error("secret-in-plain-text", message, hint: instead, at: entry.place)
        } else if entry.key == "<<" {
            let message = "merge keys ('<<') are not supported"
            findings.error("merge-key", message, hint: "write the keys out", at: entry.place)
        } else {
            let free = Key.allCases.map(\.rawValue).filter { !written.contains($0) }
            let meant = Key.synonyms[entry.key]?.rawValue ?? Suggestion.nearest(to: entry.key, among: free)
            let message = "unknown key '\(entry.key)' in \(Key.section)"
            let hint = meant.map { "did you mean '\($0)'?" } ?? expectation
            findings.error("unknown-key", message, hint: hint, at: entry.place)
            return meant.flatMap(Key.init(rawValue:))
        }
        return nil
    }
}
