import Assignment
import Rollout

/// The text of a flag file, understood as far as one flag is concerned; all the rest is kept byte for byte.
struct FlagDocument {
    var format: FileFormat
    var flag: String
    /// The whole file; nil when there is none.
    var bytes: [UInt8]?

    /// What the document says about the flag; nil when it says nothing.
    func allocation() throws(DocumentFault) -> Allocation? {
        guard let bytes else { return nil }
        switch format {
        case .json: return try JSONFlagDocument(bytes, flag: flag).allocation()
        case .env: return try EnvFlagDocument(bytes, flag: flag).allocation()
        }
    }

    /// The document with the flag's part saying `allocation` instead.
    func showing(_ allocation: Allocation) throws(DocumentFault) -> [UInt8] {
        switch format {
        case .json: try JSONFlagDocument.showing(allocation, in: bytes, flag: flag)
        case .env: try EnvFlagDocument(bytes ?? [], flag: flag).showing(allocation)
        }
    }
}

/// A place in a document and what is wrong there.
struct DocumentFault: Error, Equatable {
    /// In bytes from the beginning.
    var offset: Int
    var message: String

    /// `3:17`: line and column, both from 1, the column in characters.
    func position(in bytes: [UInt8]) -> String {
        let before = bytes[..<min(offset, bytes.count)]
        let line = before.count { $0 == UInt8(ascii: "\n") } + 1
        let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        let column = String(decoding: before[start...], as: UTF8.self).unicodeScalars.count + 1
        return "\(line):\(column)"
    }
}

/// The parts of an allocation as a document gives them; what people leave out has a meaning.
struct AllocationParts {
    var enabled: Bool
    var percentage: Percentage?
    var salt: String?
    var algorithm: HashAlgorithm?
    var revision: Int?

    /// Nil where the flag is on without saying for how many.
    func allocation(of flag: String) -> Allocation? {
        guard let percentage = percentage ?? (enabled ? nil : .zero) else { return nil }
        return Allocation(
            enabled: enabled,
            percentage: percentage,
            salt: salt ?? flag,
            algorithm: algorithm ?? .flagdV2,
            revision: revision ?? 0
        )
    }

    /// Reads a percentage as both formats write it; nil for anything that is none.
    static func percentage(_ text: String) -> Percentage? {
        guard isDecimal(text), let number = Double(text) else { return nil }
        return Percentage(percent: number)
    }

    /// Reads a revision: whole and not negative.
    static func revision(_ text: String) -> Int? {
        guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            return nil
        }
        return Int(text)
    }

    /// Swift's own reader also takes `inf`, `nan` and `0x1p3`.
    private static func isDecimal(_ text: String) -> Bool {
        text.utf8.allSatisfy { "0123456789+-.eE".utf8.contains($0) }
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
