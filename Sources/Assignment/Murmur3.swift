/// MurmurHash3 x86 32-bit, taken in as many pieces as there are.
///
/// The hash depends on the bytes alone, never on where one piece ends and the next begins, so a prefix can be
/// absorbed once and the value copied for everything that shares it. Constants and steps are those of Austin
/// Appleby's public-domain `MurmurHash3_x86_32`.
package struct Murmur3: Sendable, Equatable {
    /// Everything absorbed so far but for the last, incomplete block.
    private var state: UInt32
    /// Bytes that don't fill a block of four yet, the first in the lowest place.
    private var tail: UInt32 = 0
    /// How many bytes were absorbed, modulo 2³²: what the algorithm mixes in at the end.
    private var length: UInt32 = 0

    /// Begins a hash; flagd's `fractional` uses seed 0.
    package init(seed: UInt32 = 0) {
        state = seed
    }

    /// The hash of everything absorbed so far; more may be absorbed afterwards.
    package var hash: UInt32 {
        var hash = state
        if tailCount > 0 {
            hash ^= Self.scrambled(tail)
        }
        hash ^= length
        hash ^= hash &>> 16
        hash &*= 0x85eb_ca6b
        hash ^= hash &>> 13
        hash &*= 0xc2b2_ae35
        hash ^= hash &>> 16
        return hash
    }

    /// Takes in a string's UTF-8 bytes.
    package mutating func absorb(_ text: some StringProtocol) {
        let absorbed: Void? = text.utf8.withContiguousStorageIfAvailable {
            absorb(UnsafeRawBufferPointer($0))
        }
        guard absorbed == nil else { return }
        for byte in text.utf8 { absorb(byte) }
    }

    /// Takes in bytes.
    package mutating func absorb(_ bytes: UnsafeRawBufferPointer) {
        var offset = 0
        while tailCount > 0, offset < bytes.count {
            absorb(bytes[offset])
            offset += 1
        }
        while bytes.count - offset >= 4 {
            mix(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
            length &+= 4
            offset += 4
        }
        while offset < bytes.count {
            absorb(bytes[offset])
            offset += 1
        }
    }

    /// Takes in one byte.
    package mutating func absorb(_ byte: UInt8) {
        tail |= UInt32(byte) &<< (8 &* tailCount)
        length &+= 1
        guard tailCount == 0 else { return }
        mix(tail)
        tail = 0
    }

    /// 0…3; the length wraps at a multiple of four, so its lowest bits stay right.
    private var tailCount: UInt32 { length & 3 }

    private mutating func mix(_ block: UInt32) {
        state ^= Self.scrambled(block)
        state = Self.rotatedLeft(state, by: 13)
        state = state &* 5 &+ 0xe654_6b64
    }

    private static func scrambled(_ block: UInt32) -> UInt32 {
        rotatedLeft(block &* 0xcc9e_2d51, by: 15) &* 0x1b87_3593
    }

    private static func rotatedLeft(_ word: UInt32, by bits: UInt32) -> UInt32 {
        word &<< bits | word &>> (32 &- bits)
    }
}
