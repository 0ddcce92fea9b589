/// The 32-bit FNV-1a hash over UTF-16 code units, as GrowthBook's JavaScript computes it.
///
/// Each unit is mixed in whole, where the textbook's hash takes bytes.
struct FNV1a: Sendable, Equatable {
    private(set) var hash: UInt32 = 0x811c_9dc5

    mutating func absorb(_ text: some StringProtocol) {
        for unit in text.utf16 { absorb(unit) }
    }

    mutating func absorb(_ unit: UInt16) {
        hash = (hash ^ UInt32(unit)) &* 0x0100_0193
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
}
