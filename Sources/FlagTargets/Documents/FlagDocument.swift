import Assignment
import Rollout

/// The text of a flag file, understood as far as one flag is concerned; all the rest is kept byte for byte.
struct FlagDocument {
    var format: FileFormat
    var flag: String
    /// What the two sides of the flag are called, in formats that name them.
    var variants = Variants.onAndOff
    /// The whole file; nil when there is none.
    var bytes: [UInt8]?

    /// What the document says about the flag; nil when it says nothing.
    func allocation() throws(DocumentFault) -> Allocation? {
        guard let bytes else { return nil }
        switch format {
        case .json: return try JSONFlagDocument(bytes, flag: flag).allocation()
        case .env: return try EnvFlagDocument(bytes, flag: flag).allocation()
        case .flagd, .flagdBucket: return try FlagdDocument(bytes, definition).allocation()
        case .unleash: return try UnleashDocument(bytes, flag: flag).allocation()
        }
    }

    /// The document with the flag's part saying `allocation` instead.
    ///
    /// Refuses to expose anybody by an algorithm that readers of the format do not compute.
    func showing(_ allocation: Allocation) throws(DocumentFault) -> [UInt8] {
        guard allocation.exposure == .zero || format.algorithms.contains(allocation.algorithm) else {
            throw DocumentFault(
                offset: 0,
                message: "readers of '\(format.rawValue)' do not compute \(allocation.algorithm.rawValue)",
                hint: "choose another format or another algorithm in the policy"
            )
        }
        switch format {
        case .json: return try JSONFlagDocument.showing(allocation, in: bytes, flag: flag)
        case .env: return try EnvFlagDocument(bytes ?? [], flag: flag).showing(allocation)
        case .flagd, .flagdBucket: return try FlagdDocument.showing(allocation, in: bytes, definition)
        case .unleash: return try UnleashDocument.showing(allocation, in: bytes, flag: flag)
        }
    }

    private var definition: FlagdDefinition {
        FlagdDefinition(flag: flag, variants: variants, asksForBucket: format == .flagdBucket)
    }
}

/// A place in a document and what is wrong there.
struct DocumentFault: Error, Equatable {
    /// In bytes from the beginning.
    var offset: Int
    var message: String
    var hint = "correct the file by hand; it was left as it is"

    /// `3:17`: line and column, both from 1, the column in characters.
    func position(in bytes: [UInt8]) -> String {
        let before = bytes[..<min(offset, bytes.count)]
        let line = before.count { $0 == UInt8(ascii: "\n") } + 1
        let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        let column = String(decoding: before[start...], as: UTF8.self).unicodeScalars.count + 1
        return "\(line):\(column)"
    }
}

/// A replacement of some bytes by others.
struct TextEdit {
    var span: Range<Int>
    var replacement: String

    /// Carries out edits that do not overlap.
    static func apply(_ edits: [TextEdit], to bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var next = 0
        for edit in edits.sorted(by: { $0.span.lowerBound < $1.span.lowerBound }) {
            result += bytes[next..<edit.span.lowerBound]
            result += edit.replacement.utf8
            next = edit.span.upperBound
        }
        return result + bytes[next...]
    }
}
