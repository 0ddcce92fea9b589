import Assignment
import Testing
import TidegateTestKit

@Suite("MurmurHash3 x86 32-bit")
struct Murmur3Tests {
    private let vectors: MurmurVectors

    init() throws {
        vectors = try MurmurVectors.read()
    }

    @Test("hashes every text of the vectors under every seed")
    func hashesTexts() {
        for row in vectors.text {
            for (seed, expected) in zip(vectors.header.seeds, row.hashes) {
                #expect(
                    Murmur3.hash(row.input, seed: seed) == expected,
                    "\(row.input.debugDescription) seed \(seed)"
                )
            }
        }
    }

    @Test("hashes every byte string of the vectors under every seed")
    func hashesBytes() throws {
        for row in vectors.hex {
            let bytes = try #require(decoded(hexadecimal: row.input))
            for (seed, expected) in zip(vectors.header.seeds, row.hashes) {
                #expect(Murmur3.hash(bytes, seed: seed) == expected, "\(row.input) seed \(seed)")
            }
        }
    }

    @Test("hashes a mebibyte under every seed")
    func hashesLongInput() {
        let bytes = (0..<vectors.long.length).map { UInt8(truncatingIfNeeded: $0 * 31 + 7) }
        for (seed, expected) in zip(vectors.header.seeds, vectors.long.hashes) {
            #expect(Murmur3.hash(bytes, seed: seed) == expected, "seed \(seed)")
        }
    }

    @Test("is held against as many hashes as the file says it has")
    func readsWholeFile() {
        let rows = vectors.text + vectors.hex
        #expect(rows.reduce(0) { $0 + $1.hashes.count } == vectors.header.vectors)
        #expect(rows.allSatisfy { $0.hashes.count == vectors.header.seeds.count })
        #expect(vectors.long.hashes.count == vectors.header.seeds.count)
    }

    @Test("does not depend on where the input is cut", arguments: [1, 7, 42] as [UInt64])
    func ignoresCuts(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for length in 0..<64 {
            let bytes = (0..<length).map { _ in UInt8.random(in: .min ... .max, using: &random) }
            let whole = Murmur3.hash(bytes)
            for cut in 0...length {
                var pieces = Murmur3()
                bytes[..<cut].withUnsafeBytes { pieces.absorb($0) }
                bytes[cut...].withUnsafeBytes { pieces.absorb($0) }
                #expect(pieces.hash == whole, "seed \(seed), \(bytes) cut at \(cut)")
            }
            var single = Murmur3()
            for byte in bytes { single.absorb(byte) }
            #expect(single.hash == whole, "seed \(seed), \(bytes) byte by byte")
        }
    }

    @Test("does not depend on how many pieces the input comes in", arguments: [1, 7, 42] as [UInt64])
    func ignoresPieces(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<2_000 {
            let bytes = (0..<Int.random(in: 0...200, using: &random)).map { _ in
                UInt8.random(in: .min ... .max, using: &random)
            }
            var hash = Murmur3(seed: UInt32(truncatingIfNeeded: seed))
            var rest = bytes[...]
            var pieces: [Int] = []
            while !rest.isEmpty {
                let piece = rest.prefix(Int.random(in: 0...9, using: &random))
                piece.withUnsafeBytes { hash.absorb($0) }
                rest = rest.dropFirst(piece.count)
                pieces.append(piece.count)
            }
            let whole = Murmur3.hash(bytes, seed: UInt32(truncatingIfNeeded: seed))
            #expect(hash.hash == whole, "seed \(seed), \(bytes) in pieces of \(pieces)")
        }
    }

    @Test("can be read and then go on")
    func goesOnAfterReading() {
        var hash = Murmur3()
        hash.absorb("check")
        let early = hash.hash
        hash.absorb("out")
        #expect(early == Murmur3.hash("check"))
        #expect(hash.hash == Murmur3.hash("checkout"))
    }

    @Test("hashes bytes, not characters: two spellings of é are two hashes")
    func hashesBytesNotCharacters() {
        let composed = "\u{e9}"
        let decomposed = "e\u{301}"
        #expect(composed == decomposed)
        #expect(Murmur3.hash(composed) == 269_551_495)
        #expect(Murmur3.hash(decomposed) == 2_670_895_720)
    }
}

extension Murmur3 {
    static func hash(_ text: String, seed: UInt32 = 0) -> UInt32 {
        var hash = Murmur3(seed: seed)
        hash.absorb(text)
        return hash.hash
    }

    static func hash(_ bytes: [UInt8], seed: UInt32 = 0) -> UInt32 {
        var hash = Murmur3(seed: seed)
        bytes.withUnsafeBytes { hash.absorb($0) }
        return hash.hash
    }
}
