/// What may be sent as a header; libcurl itself would pass a line break on as another header.
package enum HeaderRules {
    /// Says what is wrong with a header; nil when nothing is.
    ///
    /// The value never appears in the words: it may be a secret.
    package static func objection(to header: HTTPHeader) -> String? {
        guard !header.name.isEmpty, header.name.utf8.allSatisfy(isTokenByte) else {
            let name = String(
                decoding: header.name.utf8.prefix(40).map { isTokenByte($0) ? $0 : 0x3f },
                as: UTF8.self
            )
            return "'\(name)' is not a header name"
        }
        guard header.value.utf8.allSatisfy({ $0 == 0x09 || ($0 >= 0x20 && $0 != 0x7f) }) else {
            return "the value of header '\(header.name)' holds a control character"
        }
        return nil
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default:
            "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
