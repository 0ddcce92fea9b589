/// The little of CBOR's core deterministic encoding (RFC 8949 §4.2.1) that texts need.
enum DeterministicCBOR {
    /// The head of an array of two items.
    static let pair: UInt8 = 0x82

    /// Feeds a hash with the head of a text of that many UTF-8 bytes, in its shortest form.
    static func absorbTextHead(_ count: Int, into hash: inout Murmur3) {
        let textType: UInt8 = 3 << 5
        let length = UInt64(count)
        switch length {
        case 0..<24: hash.absorb(textType | UInt8(length))
        case 24...0xff: absorb(textType | 24, length, bytes: 1, into: &hash)
        case 0x100...0xffff: absorb(textType | 25, length, bytes: 2, into: &hash)
        case 0x1_0000...0xffff_ffff: absorb(textType | 26, length, bytes: 4, into: &hash)
        default: absorb(textType | 27, length, bytes: 8, into: &hash)
        }
    }

    private static func absorb(_ head: UInt8, _ length: UInt64, bytes: UInt64, into hash: inout Murmur3) {
        hash.absorb(head)
        for place in (0..<bytes).reversed() {
            hash.absorb(UInt8(truncatingIfNeeded: length &>> (8 * place)))
        }
    }
}
