import Assignment
import Testing
import TidegateTestKit

@Suite("An assigner")
struct AssignerTests {
    private func assigner(at percentage: Percentage, salt: String = "sse", enabled: Bool = true) -> Assigner {
        Assigner(Allocation(enabled: enabled, percentage: percentage, salt: salt, revision: 1))
    }

    @Test("gives control to everybody while the flag is disabled, whatever the percentage")
    func disabled() {
        let expected = Assigned(variant: .control, bucket: nil, reason: .disabled)
        #expect(assigner(at: .hundred, enabled: false).assign("user-1") == expected)
        #expect(assigner(at: .hundred, enabled: false).assign("") == expected)
    }

    @Test("gives control to a client without a key, even at 100 %")
    func missingKey() {
        let expected = Assigned(variant: .control, bucket: nil, reason: .targetingKeyMissing)
        #expect(assigner(at: .hundred).assign("") == expected)
        #expect(assigner(at: .hundred).assign("user"[..<"user".startIndex]) == expected)
    }

    @Test("treats nobody at 0 % and everybody at 100 %, the outermost hashes included")
    func extremes() {
        // Without a salt these keys hash to 0 and to 2³² − 1.
        for (key, bucket) in [("ejOoVL", 0), ("ceQdGm", 99_999)] as [(String, UInt32)] {
            let treated = Assigned(variant: .treatment, bucket: bucket, reason: .split)
            let untreated = Assigned(variant: .control, bucket: bucket, reason: .split)
            #expect(assigner(at: .hundred, salt: "").assign(key) == treated)
            #expect(assigner(at: .zero, salt: "").assign(key) == untreated)
        }
    }

    @Test("only ever adds clients while the percentage rises by a bucket, over all 100,000")
    func cohortsGrow() throws {
        // Clients of every bucket: one each, found by counting up.
        var clients = [String?](repeating: nil, count: Int(Percentage.bucketCount))
        let everybody = assigner(at: .hundred)
        var number = 0
        var missing = clients.count
        while missing > 0 {
            let key = "client-\(number)"
            let bucket = Int(try #require(everybody.assign(key).bucket))
            if clients[bucket] == nil {
                clients[bucket] = key
                missing -= 1
            }
            number += 1
        }
        for (bucket, client) in clients.enumerated() {
            let key = try #require(client)
            let below = try #require(Percentage(buckets: UInt32(bucket)))
            let above = try #require(Percentage(buckets: UInt32(bucket) + 1))
            // Bucket b is control up to b treated buckets, and treated from b + 1 on: adjacent percentages
            // differ in exactly one bucket, and in nobody who was treated before.
            guard assigner(at: below).assign(key).variant == .control else {
                Issue.record("\(key) of bucket \(bucket) is treated at \(below)")
                return
            }
            guard assigner(at: above).assign(key).variant == .treatment else {
                Issue.record("\(key) of bucket \(bucket) is not treated at \(above)")
                return
            }
        }
    }

    @Test("keeps every treated client while the share grows", arguments: [1, 7, 42] as [UInt64])
    func keepsTreated(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<2_000 {
            let key = randomText(using: &random)
            let salt = randomText(using: &random)
            let buckets = (0..<2).map { _ in UInt32.random(in: 0...Percentage.bucketCount, using: &random) }
                .sorted()
            let low = try #require(Percentage(buckets: buckets[0]))
            let high = try #require(Percentage(buckets: buckets[1]))
            guard assigner(at: low, salt: salt).assign(key).variant == .treatment else { continue }
            let grown = assigner(at: high, salt: salt).assign(key)
            #expect(grown.variant == .treatment, "seed \(seed): \(key) under \(salt), \(low) → \(high)")
        }
    }

    @Test("hashes a prepared salt and a key like one text", arguments: [1, 7, 42] as [UInt64])
    func preparedSaltEqualsWholeText(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for saltLength in 0..<9 {
            for keyLength in 1..<14 {
                let salt = randomText(scalars: saltLength, using: &random)
                let key = randomText(scalars: keyLength, using: &random)
                let prepared = assigner(at: .hundred, salt: salt).assign(key).bucket
                let whole = assigner(at: .hundred, salt: "").assign(salt + key).bucket
                #expect(prepared == whole, "seed \(seed): salt \(Array(salt.utf8)), key \(Array(key.utf8))")
            }
        }
    }

    @Test("gives a part of a text the answer of the same text on its own")
    func substrings() {
        let header = "session=3ceaaf30-8142-48ea-91d9-3080f9b439fc; theme=ключ"
        for part in header.split(separator: "; ").flatMap({ $0.split(separator: "=") }) {
            #expect(assigner(at: .hundred).assign(part) == assigner(at: .hundred).assign(String(part)))
        }
    }

    @Test("puts similar keys evenly into buckets")
    func isEven() throws {
        let ten = try #require(Percentage(percent: 10))
        let assigner = assigner(at: ten)
        let treated = (0..<100_000).count { assigner.assign("user-\($0)").variant == .treatment }
        // Five standard deviations of a fair draw are 474; the keys are fixed, so this never flickers.
        #expect((10_000 - 474...10_000 + 474).contains(treated))
    }
}

/// A text of 0…12 scalars of one to four UTF-8 bytes.
private func randomText(using random: inout SeededGenerator) -> String {
    randomText(scalars: Int.random(in: 0...12, using: &random), using: &random)
}

private func randomText(scalars count: Int, using random: inout SeededGenerator) -> String {
    let alphabet: [Unicode.Scalar] = ["a", "7", "-", "\u{0}", "é", "ж", "߿", "ࠀ", "한", "\u{fffd}", "🏁", "𐍈"]
    var text = String.UnicodeScalarView()
    for _ in 0..<count {
        text.append(alphabet[Int.random(in: alphabet.indices, using: &random)])
    }
    return String(text)
}
