/// An http or https address, taken apart as far as safety needs.
///
/// libcurl takes an address without a scheme for http, and sends a user and password from it: both are refused here.
package struct HTTPURL: Sendable, Equatable {
    package var isEncrypted: Bool
    /// Without the brackets of an IPv6 address.
    package var host: String
    package var port: Int
    /// Everything after the authority; empty or beginning with `/`, `?` or `#`.
    package var rest: String

    /// Takes an address apart.
    ///
    /// - Throws: What is wrong with it, in words that never repeat a password.
    package init(_ text: String) throws(HTTPURLError) {
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "\\") }) else {
            throw .illegalCharacter
        }
        guard let separator = text.firstRange(of: "://") else { throw .noScheme }
        switch text[..<separator.lowerBound].lowercased() {
        case "http": isEncrypted = false
        case "https": isEncrypted = true
        default: throw .otherScheme
        }
        let afterScheme = text[separator.upperBound...]
        let authority = afterScheme.prefix { !"/?#".contains($0) }
        guard !authority.contains("@") else { throw .userInformation }
        let (host, port) = try Self.hostAndPort(authority)
        self.host = host
        self.port = port ?? (isEncrypted ? 443 : 80)
        rest = String(afterScheme.dropFirst(authority.count))
    }

    /// Whether the host is this machine by its very name: `localhost`, `127.…` or `::1`.
    package var isLoopback: Bool {
        if host == "localhost" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        return parts.count == 4 && !parts.contains(nil) && parts[0] == 127
    }

    private static func hostAndPort(_ authority: Substring) throws(HTTPURLError) -> (String, Int?) {
        var host: Substring
        var afterHost: Substring
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { throw .noHost }
            host = authority[..<end].dropFirst()
            afterHost = authority[authority.index(after: end)...]
            guard !host.isEmpty, host.allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." }) else {
                throw .noHost
            }
        } else {
            host = authority.prefix { $0 != ":" }
            afterHost = authority.dropFirst(host.count)
            let isName = host.allSatisfy { $0.isLetter || $0.isNumber || "-._".contains($0) }
            guard !host.isEmpty, isName else { throw .noHost }
        }
        guard !afterHost.isEmpty else { return (host.lowercased(), nil) }
        afterHost = afterHost.dropFirst()
        guard authority.dropLast(afterHost.count).hasSuffix(":"),
            afterHost.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let port = Int(afterHost), (1...65_535).contains(port)
        else { throw .badPort }
        return (host.lowercased(), port)
    }
}

/// What is wrong with an address.
package enum HTTPURLError: Error, Sendable, Equatable, CustomStringConvertible {
    case illegalCharacter
    case noScheme
    case otherScheme
    case userInformation
    case noHost
    case badPort

    package var description: String {
        switch self {
        case .illegalCharacter: "the address holds a space, a backslash, a control or a non-ASCII character"
        case .noScheme: "the address must begin with http:// or https://"
        case .otherScheme: "only http:// and https:// addresses are allowed"
        case .userInformation: "the address must not hold a user or password"
        case .noHost: "the address has no valid host name"
        case .badPort: "the port must be a number from 1 to 65535"
        }
    }
}
