/// FNV-1a over 64 bits: notices every single changed byte, and others all but certainly.
///
/// Guards against damage, not against people.
struct Checksum: Equatable {
    private var hash: UInt64 = 0xcbf2_9ce4_8422_2325

    /// As an SQLite integer.
    var stored: Int64 { Int64(bitPattern: hash) }

    mutating func add(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { mix(byte) }
        // Ends the field, so that moving a byte into the next one shows.
        mix(0xff)
    }

    mutating func add(_ text: String) {
        add(text.utf8)
    }

    mutating func add(_ number: Int64) {
        withUnsafeBytes(of: number.littleEndian) { add($0) }
    }

    private mutating func mix(_ byte: UInt8) {
        hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
    }
}
