/// MurmurHash3 x86 32-bit, taken in as many pieces as there are.
///
/// The hash depends on the bytes alone, never on where one piece ends and the next begins, so a prefix can be
/// absorbed once and the value copied for everything that shares it. Constants and steps are those of Austin
/// Appleby's public-domain `MurmurHash3_x86_32`.
package struct Murmur3: Sendable, Equatable {
    /// Everything absorbed so far but for the last, incomplete block.
    private var state: UInt32
    /// Bytes that don't fill a block of four yet, the first in the lowest place; the places above are zero.
    private var tail: UInt32 = 0
    /// How many bytes were absorbed, modulo 2³²: what the algorithm mixes in at the end.
    private var length: UInt32 = 0

    /// Begins a hash; flagd's `fractional` and Unleash's gradual rollout use seed 0.
    package init(seed: UInt32 = 0) {
        state = seed
    }

    /// The hash of everything absorbed so far; more may be absorbed afterwards.
    package var hash: UInt32 {
        // An empty tail scrambles to zero and changes nothing.
        var hash = state ^ Self.scrambled(tail) ^ length
        hash ^= hash &>> 16
        hash &*= 0x85eb_ca6b
        hash ^= hash &>> 13
        hash &*= 0xc2b2_ae35
        hash ^= hash &>> 16
        return hash
    }

    /// The hash of everything absorbed so far and these bytes after it.
    @inline(__always)
    func hash(appending bytes: UnsafeRawBufferPointer) -> UInt32 {
        var whole = self
        whole.absorbInPlace(bytes)
        return whole.hash
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
    package mutating func absorb(_ bytes: UnsafeRawBufferPointer) { absorbInPlace(bytes) }

    /// Inlined, so that where one hash is made of one piece its state stays in registers.
    @inline(__always)
    private mutating func absorbInPlace(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= 4, let first = bytes.baseAddress else {
            for byte in bytes { absorb(byte) }
            return
        }
        // One block is put together from the tail and the first bytes, and the others are read from where it ends:
        // that spares shifting each of them. Without a tail it is simply the first block.
        var product = (tail | first.word(at: 0) &<< (8 &* tailCount)) &* Self.firstFactor
        var next = first + (4 &- Int(truncatingIfNeeded: tailCount))
        let rest = bytes.count &+ Int(truncatingIfNeeded: tailCount) &- 4
        // Each block is multiplied one round before it is rotated. Where both follow each other, the optimiser merges
        // product and shift, and multiplies twice in place of rotating.
        var blocks = UInt(bitPattern: rest) &>> 2
        while blocks > 0 {
            mix(product: product)
            product = next.word(at: 0) &* Self.firstFactor
            next += 4
            blocks &-= 1
        }
        mix(product: product)
        length &+= UInt32(truncatingIfNeeded: bytes.count)
        // The last 0…3 bytes are the upper ones of the last four; a shift by all 32 bits is none of a 32-bit word.
        let last = UInt64(first.word(at: bytes.count &- 4))
        tail = UInt32(truncatingIfNeeded: last &>> UInt64(32 &- 8 &* tailCount))
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

    private static let firstFactor: UInt32 = 0xcc9e_2d51

    private mutating func mix(_ block: UInt32) { mix(product: block &* Self.firstFactor) }

    private mutating func mix(product: UInt32) {
        state ^= Self.rotatedLeft(product, by: 15) &* 0x1b87_3593
        state = Self.rotatedLeft(state, by: 13) &* 5 &+ 0xe654_6b64
    }

    private static func scrambled(_ block: UInt32) -> UInt32 {
        rotatedLeft(block &* firstFactor, by: 15) &* 0x1b87_3593
    }

    private static func rotatedLeft(_ word: UInt32, by bits: UInt32) -> UInt32 {
        word &<< bits | word &>> (32 &- bits)
    }
}

extension UnsafeRawPointer {
    /// Four bytes, the first in the lowest place on every machine.
    fileprivate func word(at offset: Int) -> UInt32 {
        UInt32(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }
}
