/// Clients that get a variant by name, whatever their bucket.
///
/// Keys are compared byte by byte: two spellings of one accented letter are two keys, as they are two buckets.
public struct Overrides: Sendable, Equatable {
    private let included: [[UInt8]]
    private let excluded: [[UInt8]]

    /// Nobody.
    public static let none = Overrides()

    /// Names clients.
    ///
    /// - Parameters:
    ///   - included: Always treated while the flag is enabled, at 0 % too; nobody while it is disabled.
    ///   - excluded: Never treated; a key in both lists is excluded.
    public init(included: some Sequence<String> = [], excluded: some Sequence<String> = []) {
        self.included = Self.sorted(included)
        self.excluded = Self.sorted(excluded)
    }

    /// The variant of a named client, given as UTF-8 bytes; nil for everybody else.
    func variant(of key: UnsafeRawBufferPointer) -> Variant? {
        if Self.contains(key, in: excluded) { return .control }
        return Self.contains(key, in: included) ? .treatment : nil
    }

    private static func sorted(_ keys: some Sequence<String>) -> [[UInt8]] {
        Set(keys.map { Array($0.utf8) }).sorted { $0.lexicographicallyPrecedes($1) }
    }

    /// A binary search: a set could not be asked for bytes without making an array of them for each question.
    private static func contains(_ key: UnsafeRawBufferPointer, in names: [[UInt8]]) -> Bool {
        var range = names.indices
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            if names[middle].elementsEqual(key) { return true }
            if names[middle].lexicographicallyPrecedes(key) {
                range = middle + 1..<range.upperBound
            } else {
                range = range.lowerBound..<middle
            }
        }
        return false
    }
}
