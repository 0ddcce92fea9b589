import Hummingbird

/// Who sent a request.
enum ClientIdentity: Sendable, Equatable {
    /// By query parameter or cookie.
    case known(String)
    /// A new browser: this name is given to it with the answer.
    case minted(String)
    case anonymous
    /// The query parameter is there and is no name.
    case malformed

    static let parameter = "client"
    static let cookie = "cid"

    /// Reads the name from a request.
    ///
    /// A cookie that is no name is not one of ours and is ignored; a parameter was written by somebody who should
    /// hear of it.
    init(_ request: Request) {
        if let name = request.uri.queryParameters[Self.parameter[...]] {
            self = Self.isName(name) ? .known(String(name)) : .malformed
        } else if let name = request.cookies[Self.cookie]?.value, Self.isName(name[...]) {
            self = .known(name)
        } else {
            self = .anonymous
        }
    }

    /// The client's name; nil where there is none.
    var name: String? {
        switch self {
        case .known(let name), .minted(let name): name
        case .anonymous, .malformed: nil
        }
    }

    /// 1 to 128 visible ASCII characters.
    private static func isName(_ text: Substring) -> Bool {
        (1...128).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7e).contains($0) }
    }

    /// A name nobody can guess: 128 random bits in hexadecimal.
    static func mint() -> ClientIdentity {
        var random = SystemRandomNumberGenerator()
        let digits = (0..<4).map { _ in
            let text = String(UInt32.random(in: 0...UInt32.max, using: &random), radix: 16)
            return String(repeating: "0", count: 8 - text.count) + text
        }
        return .minted(digits.joined())
    }
}
