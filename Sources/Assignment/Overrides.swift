/// Clients that get a variant by name, whatever their bucket.
///
/// Keys are compared byte by byte: two spellings of one accented letter are two keys, as they are two buckets.
public struct Overrides: Sendable, Equatable {
    private let included: Set<Key>
    private let excluded: Set<Key>

    /// Nobody.
    public static let none = Overrides()

    /// Names clients.
    ///
    /// - Parameters:
    ///   - included: Always treated while the flag is enabled, at 0 % too.
    ///   - excluded: Never treated; a key in both lists is excluded.
    public init(included: some Sequence<String> = [], excluded: some Sequence<String> = []) {
        self.included = Set(included.map(Key.init))
        self.excluded = Set(excluded.map(Key.init))
    }

    /// Whether nobody is named.
    var isEmpty: Bool { included.isEmpty && excluded.isEmpty }

    /// The variant of a named client; nil for everybody else.
    func variant(of key: String) -> Variant? {
        let key = Key(text: key)
        if excluded.contains(key) { return .control }
        return included.contains(key) ? .treatment : nil
    }

    /// A text that is equal to nothing but its own bytes.
    private struct Key: Sendable, Hashable {
        var text: String

        static func == (one: Key, other: Key) -> Bool { one.text.utf8.elementsEqual(other.text.utf8) }

        func hash(into hasher: inout Hasher) {
            for byte in text.utf8 { hasher.combine(byte) }
        }
    }
}
