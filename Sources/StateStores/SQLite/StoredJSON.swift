import FoundationEssentials
import GRDB
import Stepping

/// Values as they lie in the database: JSON with sorted keys, the same bytes for the same value.
enum StoredJSON {
    static func encode(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "+Inf",
            negativeInfinity: "-Inf",
            nan: "NaN"
        )
        return try encoder.encode(value)
    }

    static func decode<Value: Decodable>(
        _ type: Value.Type,
        from body: Data,
        named name: String,
        at path: String
    ) throws -> Value {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "+Inf",
            negativeInfinity: "-Inf",
            nan: "NaN"
        )
        do {
            return try decoder.decode(type, from: body)
        } catch {
            throw StateStoreError.damaged(path, "the \(name) cannot be understood (\(error))")
        }
    }
}

extension Row {
    /// A column as text; nil for any other type, where GRDB's own subscripts would stop the process.
    func text(_ column: Int) -> String? {
        if case .string(let text) = value(column) { text } else { nil }
    }

    func integer(_ column: Int) -> Int64? {
        if case .int64(let number) = value(column) { number } else { nil }
    }

    func blob(_ column: Int) -> Data? {
        if case .blob(let bytes) = value(column) { bytes } else { nil }
    }

    private func value(_ column: Int) -> DatabaseValue.Storage {
        let value: DatabaseValue = self[column]
        return value.storage
    }
}
