import Glibc

/// An IP address; one that maps IPv4 into IPv6 is the IPv4 address.
package struct NetworkAddress: Sendable, Hashable {
    /// 4 bytes, or 16.
    let bytes: [UInt8]

    private static let mapped: [UInt8] = Array(repeating: 0, count: 10) + [0xff, 0xff]

    /// Reads an address as it is written without a port; a zone such as `%eth0` is left out.
    package init?(_ text: some StringProtocol) {
        let text = String(text.prefix { $0 != "%" })
        // Enough for either kind.
        var bytes = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, text, &bytes) == 1 {
            self.bytes = Array(bytes.prefix(4))
        } else if inet_pton(AF_INET6, text, &bytes) == 1 {
            self.bytes = bytes.starts(with: Self.mapped) ? Array(bytes.suffix(4)) : bytes
        } else {
            return nil
        }
    }

    /// Reads an address that may have a port, as in `X-Forwarded-For`: `10.1.2.3:80`, `[::1]:80`, `::1`.
    package init?(withPort text: some StringProtocol) {
        if text.hasPrefix("[") {
            self.init(text.dropFirst().prefix { $0 != "]" })
        } else if text.count(where: { $0 == ":" }) == 1 {
            self.init(text.prefix { $0 != ":" })
        } else {
            self.init(text)
        }
    }

    /// What limits are kept by: a household's IPv6 addresses share their first 64 bits and count as one.
    package var key: String {
        guard bytes.count == 16 else { return bytes.map { "\($0)" }.joined(separator: ".") }
        let groups = stride(from: 0, to: 8, by: 2).map { index in
            String(UInt16(bytes[index]) << 8 | UInt16(bytes[index + 1]), radix: 16)
        }
        return groups.joined(separator: ":") + "::/64"
    }
}

/// Addresses that begin with the same bits.
package struct AddressRange: Sendable, Hashable {
    private let first: NetworkAddress
    private let bits: Int

    /// Reads one address, or a range in CIDR notation such as `10.0.0.0/8`.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let address = NetworkAddress(parts[0]) else { return nil }
        let most = address.bytes.count * 8
        guard parts.count == 2 else {
            self.init(first: address, bits: most)
            return
        }
        guard parts[1].allSatisfy(\.isNumber), let bits = Int(parts[1]), bits <= most else { return nil }
        self.init(first: address, bits: bits)
    }

    private init(first: NetworkAddress, bits: Int) {
        self.first = first
        self.bits = bits
    }

    package func contains(_ address: NetworkAddress) -> Bool {
        guard address.bytes.count == first.bytes.count else { return false }
        return zip(first.bytes, address.bytes).enumerated().allSatisfy { index, pair in
            let left = min(8, max(0, bits - index * 8))
            let mask = UInt8(truncatingIfNeeded: 0xff << (8 - left))
            return pair.0 & mask == pair.1 & mask
        }
    }
}
