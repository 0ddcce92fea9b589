import Assignment
import Rollout

/// Writes who got what, a line each, from bytes to bytes.
struct AssignmentWriter {
    enum Format {
        /// Columns with tabs between them: id, variant, bucket or `-`, reason.
        case text
        /// An object a line: `{"id":…,"variant":…,"bucket":…,"reason":…}`.
        case jsonLines
        /// RFC 4180, but with plain line breaks.
        case csv
    }

    private let format: Format
    private let output: OutputBuffer
    private let treatment: [UInt8]
    private let control: [UInt8]

    /// Begins to write; a table gets its heading.
    init(_ format: Format, _ flag: AssignedFlag, to output: OutputBuffer) throws {
        self.format = format
        self.output = output
        treatment = Self.middle(format, flag.variants.treatment)
        control = Self.middle(format, flag.variants.control)
        if format == .csv { try output.append(Array("id,variant,bucket,reason\n".utf8)) }
    }

    /// Writes one client's line.
    ///
    /// - Parameters:
    ///   - id: As it was read; UTF-8.
    ///   - assigned: What the client gets.
    /// - Throws: As ``OutputBuffer`` does.
    func write(_ id: UnsafeRawBufferPointer, _ assigned: Assigned) throws {
        switch format {
        case .text: try output.append(id)
        case .jsonLines:
            try output.append(Self.jsonHead)
            try appendEscaped(id)
        case .csv: try appendQuoted(id)
        }
        try output.append(assigned.variant == .treatment ? treatment : control)
        if let bucket = assigned.bucket {
            try output.append(decimal: bucket)
        } else {
            try output.append(Self.absence(format))
        }
        try output.append(Self.end(format, assigned.reason))
    }

    private static let jsonHead = Array(#"{"id":""#.utf8)

    /// What stands between id and bucket.
    private static func middle(_ format: Format, _ variant: String) -> [UInt8] {
        // Names of variants are letters, digits and `-_.`, or an option's text.
        let name = variant.filter { $0 != "\"" && $0 != "\\" && !$0.isNewline }
        return switch format {
        case .text: Array("\t\(variant)\t".utf8)
        case .jsonLines: Array(#"","variant":"\#(name)","bucket":"#.utf8)
        case .csv: Array(",\(name),".utf8)
        }
    }

    private static func absence(_ format: Format) -> [UInt8] {
        switch format {
        case .text: [UInt8(ascii: "-")]
        case .jsonLines: Array("null".utf8)
        case .csv: []
        }
    }

    /// Reason and line break, made once for each.
    private static func end(_ format: Format, _ reason: AssignmentReason) -> [UInt8] {
        let ends =
            switch format {
            case .text: textEnds
            case .jsonLines: jsonEnds
            case .csv: csvEnds
            }
        return ends[reason] ?? []
    }

    private static let textEnds = ends { "\t\($0)\n" }
    private static let jsonEnds = ends { ",\"reason\":\"\($0)\"}\n" }
    private static let csvEnds = ends { ",\($0)\n" }

    private static func ends(_ end: (String) -> String) -> [AssignmentReason: [UInt8]] {
        Dictionary(
            uniqueKeysWithValues: AssignmentReason.allCases.map { ($0, Array(end($0.rawValue).utf8)) }
        )
    }
}

extension AssignmentWriter {
    /// Adds an id within a JSON string: quotes, backslashes and control characters are escaped.
    private func appendEscaped(_ id: UnsafeRawBufferPointer) throws {
        guard id.contains(where: { $0 < 0x20 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }) else {
            return try output.append(id)
        }
        for byte in id {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                try output.append(UInt8(ascii: "\\"))
                try output.append(byte)
            case ..<0x20:
                let digits = Array("0123456789abcdef".utf8)
                try output.append(Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]])
            default:
                try output.append(byte)
            }
        }
    }

    /// Adds an id as a field of a table, in quotes where it needs them.
    private func appendQuoted(_ id: UnsafeRawBufferPointer) throws {
        let quote = UInt8(ascii: "\"")
        guard id.contains(where: { $0 == quote || $0 == UInt8(ascii: ",") || $0 == 0x0a || $0 == 0x0d })
        else {
            return try output.append(id)
        }
        try output.append(quote)
        for byte in id {
            if byte == quote { try output.append(quote) }
            try output.append(byte)
        }
        try output.append(quote)
    }
}
