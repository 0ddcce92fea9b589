/// Reads JSON (RFC 8259) strictly, and remembers where everything is, so that an edit can leave the rest alone.
struct JSONScanner {
    private let bytes: [UInt8]
    private var position = 0

    /// Deeper documents are refused, not recursed into.
    private static let depthLimit = 256

    private init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The document's one value.
    static func parse(_ bytes: [UInt8]) throws(DocumentFault) -> JSONNode {
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw DocumentFault(offset: invalidOffset(in: bytes), message: "not UTF-8")
        }
        var scanner = JSONScanner(bytes)
        scanner.skipBlanks()
        let node = try scanner.value(depth: 0)
        scanner.skipBlanks()
        guard scanner.position == bytes.count else {
            throw scanner.fault("more text after the end of the JSON")
        }
        return node
    }

    private mutating func value(depth: Int) throws(DocumentFault) -> JSONNode {
        guard depth < Self.depthLimit else { throw fault("nested more than \(Self.depthLimit) levels deep") }
        let start = position
        let content: JSONNode.Content
        switch peek {
        case UInt8(ascii: "{"): content = .object(try members(depth: depth))
        case UInt8(ascii: "["):
            content = .array(try elements(depth: depth))
        case UInt8(ascii: "\""): content = .string(try string())
        case UInt8(ascii: "t"): content = .bool(try word("true", meaning: true))
        case UInt8(ascii: "f"): content = .bool(try word("false", meaning: false))
        case UInt8(ascii: "n"): content = try word("null", meaning: .null)
        case nil: throw fault("the document ends where a value should be")
        default:
            content = .number(try number())
        }
        return JSONNode(span: start..<position, content: content)
    }

    private mutating func members(depth: Int) throws(DocumentFault) -> [JSONMember] {
        var members: [JSONMember] = []
        position += 1
        skipBlanks()
        if skip("}") { return members }
        while true {
            let start = position
            guard peek == UInt8(ascii: "\"") else { throw fault("a name in quotes should be here") }
            let key = try string()
            let keySpan = start..<position
            skipBlanks()
            guard skip(":") else { throw fault("a ':' should be here") }
            skipBlanks()
            members.append(JSONMember(key: key, keySpan: keySpan, value: try value(depth: depth + 1)))
            skipBlanks()
            if skip("}") { return members }
            guard skip(",") else { throw fault("a ',' or '}' should be here") }
            skipBlanks()
        }
    }

    private mutating func elements(depth: Int) throws(DocumentFault) -> [JSONNode] {
        var elements: [JSONNode] = []
        position += 1
        skipBlanks()
        if skip("]") { return elements }
        while true {
            elements.append(try value(depth: depth + 1))
            skipBlanks()
            if skip("]") { return elements }
            guard skip(",") else { throw fault("a ',' or ']' should be here") }
            skipBlanks()
        }
    }

    private mutating func string() throws(DocumentFault) -> String? {
        position += 1
        var text: [UInt16] = []
        var plainStart = position
        func plain(_ end: Int) -> String.UTF16View {
            String(decoding: bytes[plainStart..<end], as: UTF8.self).utf16
        }
        while let byte = peek {
            switch byte {
            case UInt8(ascii: "\""):
                text += plain(position)
                position += 1
                return String(validating: text, as: UTF16.self)
            case UInt8(ascii: "\\"):
                text += plain(position)
                text.append(try escape())
                plainStart = position
            case 0..<0x20: throw fault("a control character in a string")
            default: position += 1
            }
        }
        throw fault("the document ends inside a string")
    }

    private mutating func escape() throws(DocumentFault) -> UInt16 {
        let escapes: [(letter: UInt8, value: UInt16)] = [
            (0x22, 0x22), (0x5c, 0x5c), (0x2f, 0x2f), (0x62, 8), (0x66, 12), (0x6e, 10), (0x72, 13),
            (0x74, 9),
        ]
        let letter = position + 1 < bytes.count ? bytes[position + 1] : nil
        if let escape = escapes.first(where: { $0.letter == letter }) {
            position += 2
            return escape.value
        }
        let digits = bytes.dropFirst(position + 2).prefix(4)
        guard letter == UInt8(ascii: "u"), digits.count == 4, digits.allSatisfy(Self.isHexDigit),
            let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw fault("an escape that JSON does not have") }
        position += 6
        return unit
    }

    private mutating func number() throws(DocumentFault) -> String {
        let start = position
        _ = skip("-")
        let whole = digits()
        var isGood = whole > 0 && (whole == 1 || bytes[position - whole] != UInt8(ascii: "0"))
        if skip(".") { isGood = digits() > 0 && isGood }
        if skip("e") || skip("E") {
            if !skip("+") { _ = skip("-") }
            isGood = digits() > 0 && isGood
        }
        guard isGood else {
            position = start
            throw fault("this is no JSON value")
        }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func word<Meaning>(_ word: String, meaning: Meaning) throws(DocumentFault) -> Meaning {
        guard bytes[position...].starts(with: word.utf8) else { throw fault("this is no JSON value") }
        position += word.utf8.count
        return meaning
    }

    private mutating func digits() -> Int {
        let start = position
        while let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
        return position - start
    }

    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard peek == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func skipBlanks() {
        while let byte = peek, [0x20, 0x09, 0x0a, 0x0d].contains(byte) { position += 1 }
    }

    private func fault(_ message: String) -> DocumentFault {
        DocumentFault(offset: position, message: message)
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x46, 0x61...0x66: true
        default: false
        }
    }

    /// Where a text stops being UTF-8: its first line that is not.
    private static func invalidOffset(in bytes: [UInt8]) -> Int {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        return lines.first { String(validating: $0, as: UTF8.self) == nil }?.startIndex ?? 0
    }
}
