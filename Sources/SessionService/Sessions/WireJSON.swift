import FoundationEssentials

/// JSON as this service writes it: one line, keys in order, times in ISO 8601.
enum WireJSON {
    /// A value's JSON; a value that has none is a mistake in this program and gives `null`.
    static func text(of value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        guard let data = try? encoder.encode(value) else {
            assertionFailure("\(type(of: value)) cannot be written as JSON")
            return "null"
        }
        return String(decoding: data, as: UTF8.self)
    }
}
