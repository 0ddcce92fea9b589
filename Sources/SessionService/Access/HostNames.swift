/// The names under which the service may be asked for.
///
/// A page of any site can have its own name point at this machine and then read the answers as its own. Such a
/// request names that site; one that names an address or `localhost` cannot have come about so.
package struct HostNames: Sendable {
    private let names: Set<String>

    /// Names without ports, besides `localhost`; upper and lower case are the same.
    package init(_ names: [String]) {
        self.names = Set((names + ["localhost"]).map { $0.lowercased() })
    }

    /// Whether a text may be a host's name.
    package static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 253
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                    UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }

    /// Whether a request may be for this `Host`, with or without a port.
    package func allow(_ authority: String) -> Bool {
        let colon = authority.lastIndex(of: ":")
        let isBracketed = authority.hasPrefix("[")
        var host = authority[...]
        if let colon, !isBracketed || authority[..<colon].hasSuffix("]") {
            guard authority[authority.index(after: colon)...].allSatisfy(\.isNumber) else { return false }
            host = authority[..<colon]
        }
        if isBracketed { return host.hasSuffix("]") && NetworkAddress(host.dropFirst().dropLast()) != nil }
        if host.hasSuffix(".") { host = host.dropLast() }
        return names.contains(host.lowercased()) || NetworkAddress(host) != nil
    }
}
