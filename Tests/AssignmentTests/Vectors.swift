import FoundationEssentials

/// Expected answers made by other programs; each file's header says by which.
enum Vectors {
    static func read<Content: Decodable>(_ name: String, as content: Content.Type) throws -> Content {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Vectors")
        return try JSONDecoder().decode(content, from: Data(contentsOf: folder.appending(path: name)))
    }
}

/// The bytes two hexadecimal digits each stand for; nil for anything else.
func decoded(hexadecimal text: String) -> [UInt8]? {
    let digits = text.compactMap(\.hexDigitValue)
    guard digits.count == text.count, digits.count.isMultiple(of: 2) else { return nil }
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
}
