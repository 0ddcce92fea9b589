/// The 32-bit FNV-1a hash over UTF-16 code units, as GrowthBook's JavaScript computes it.
///
/// Each unit is mixed in whole, where the textbook's hash takes bytes.
struct FNV1a: Sendable, Equatable {
    /// The hash of everything absorbed so far.
    private(set) var hash: UInt32 = 0x811c_9dc5

    /// Takes in a text given as UTF-8 bytes; malformed bytes count as the replacement character.
    mutating func absorb(utf8 bytes: UnsafeRawBufferPointer) {
        var ascii = 0
        while ascii < bytes.count, bytes[ascii] < 0x80 {
            absorb(UInt16(bytes[ascii]))
            ascii += 1
        }
        guard ascii < bytes.count else { return }
        let rest = UnsafeRawBufferPointer(rebasing: bytes[ascii...])
        _ = transcode(rest.makeIterator(), from: UTF8.self, to: UTF16.self, stoppingOnError: false) {
            absorb($0)
        }
    }

    /// Takes in a number's decimal digits.
    mutating func absorb(decimal number: UInt32) {
        var divisor: UInt32 = 1
        while number / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            absorb(UInt16(UInt8(ascii: "0")) + UInt16(number / divisor % 10))
            divisor /= 10
        }
    }

    private mutating func absorb(_ unit: UInt16) {
        hash = (hash ^ UInt32(unit)) &* 0x0100_0193
    }
}
