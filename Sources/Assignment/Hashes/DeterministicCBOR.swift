/// The little of CBOR's core deterministic encoding (RFC 8949 §4.2.1) that texts need.
enum DeterministicCBOR {
    /// The head of an array of two items.
    static let pair: UInt8 = 0x82

    /// The head of a text of that many UTF-8 bytes, in its shortest form: one to nine bytes.
    static func textHead(_ count: Int) -> Head {
        let text: UInt8 = 3 << 5
        let length = UInt64(count)
        return switch length {
        case 0..<24: Head(first: text | UInt8(length), length: 0, size: 0)
        case 24...0xff: Head(first: text | 24, length: length, size: 1)
        case 0x100...0xffff: Head(first: text | 25, length: length, size: 2)
        case 0x1_0000...0xffff_ffff: Head(first: text | 26, length: length, size: 4)
        default: Head(first: text | 27, length: length, size: 8)
        }
    }

    /// Type and length of an item.
    struct Head: Equatable {
        var first: UInt8
        var length: UInt64
        /// How many bytes of the length follow, the highest first.
        var size: UInt64
    }
}

extension Murmur3 {
    /// Takes in the head of an item.
    mutating func absorb(_ head: DeterministicCBOR.Head) {
        absorb(head.first)
        var place = head.size
        while place > 0 {
            place -= 1
            absorb(UInt8(truncatingIfNeeded: head.length &>> (8 * place)))
        }
    }
}
