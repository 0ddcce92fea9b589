/// One `NAME=value` of an environment file and the bytes it was written in.
struct EnvAssignment {
    var name: String
    var isExported: Bool
    /// The value with its quotes, without blanks and comment behind it.
    var valueSpan: Range<Int>
    /// Which quote surrounds the value.
    var quote: UInt8?
    /// What the value says; nil where quotes do not match or text follows them.
    var value: String?
    /// Where the next line begins.
    var end: Int
}

/// Reads environment files the way shells, systemd and dotenv agree on; what is not an assignment is passed over.
struct EnvScanner {
    private let bytes: [UInt8]
    private var position = 0

    private init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    static func assignments(in bytes: [UInt8]) -> [EnvAssignment] {
        var scanner = EnvScanner(bytes)
        var found: [EnvAssignment] = []
        while scanner.position < bytes.count {
            if let assignment = scanner.assignment() { found.append(assignment) }
            scanner.skipLine()
        }
        return found
    }

    /// Leaves the position somewhere on the assignment's last line.
    private mutating func assignment() -> EnvAssignment? {
        skipBlanks()
        var name = word()
        var isExported = false
        if name == "export", peek == UInt8(ascii: " ") || peek == UInt8(ascii: "\t") {
            isExported = true
            skipBlanks()
            name = word()
        }
        skipBlanks()
        guard !name.isEmpty, peek == UInt8(ascii: "=") else { return nil }
        position += 1
        skipBlanks()
        var assignment = quotedValue() ?? bareValue()
        assignment.name = name
        assignment.isExported = isExported
        return assignment
    }

    /// A value in quotes, which may go over several lines; nil where no quote begins or ends.
    private mutating func quotedValue() -> EnvAssignment? {
        guard let quote = peek, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { return nil }
        let start = position
        var text: [UInt8] = []
        var next = start + 1
        while next < bytes.count, bytes[next] != quote {
            if quote == UInt8(ascii: "\""), bytes[next] == UInt8(ascii: "\\"), next + 1 < bytes.count {
                if !#"\"$`"#.utf8.contains(bytes[next + 1]) { text.append(bytes[next]) }
                next += 1
            }
            text.append(bytes[next])
            next += 1
        }
        guard next < bytes.count else { return nil }
        position = next + 1
        let span = start..<position
        let rest = bytes[position..<lineEnd(from: position)].drop { $0 == 0x20 || $0 == 0x09 || $0 == 0x0d }
        let isClean = rest.isEmpty || rest.first == UInt8(ascii: "#")
        return EnvAssignment(
            name: "",
            isExported: false,
            valueSpan: span,
            quote: quote,
            value: isClean ? String(validating: text, as: UTF8.self) : nil,
            end: afterLine(from: position)
        )
    }

    private mutating func bareValue() -> EnvAssignment {
        let start = position
        var end = lineEnd(from: start)
        // A '#' begins a comment where a blank is in front of it.
        var next = start
        while next < end,
            !(bytes[next] == UInt8(ascii: "#") && (next == start || Self.isBlank(bytes[next - 1])))
        {
            next += 1
        }
        end = next
        while end > start, Self.isBlank(bytes[end - 1]) || bytes[end - 1] == 0x0d { end -= 1 }
        position = end
        let text = bytes[start..<end]
        let hasQuote = text.first == UInt8(ascii: "\"") || text.first == UInt8(ascii: "'")
        return EnvAssignment(
            name: "",
            isExported: false,
            valueSpan: start..<end,
            quote: nil,
            value: hasQuote ? nil : String(validating: text, as: UTF8.self),
            end: afterLine(from: end)
        )
    }

    private mutating func word() -> String {
        let start = position
        while let byte = peek, Self.isNameByte(byte) { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipBlanks() {
        while let byte = peek, Self.isBlank(byte) { position += 1 }
    }

    private mutating func skipLine() { position = afterLine(from: position) }

    private func lineEnd(from start: Int) -> Int {
        bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
    }

    private func afterLine(from start: Int) -> Int { min(lineEnd(from: start) + 1, bytes.count) }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
