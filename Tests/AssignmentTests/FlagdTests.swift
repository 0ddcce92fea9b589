import Assignment
import Testing

@Suite("Assignment and flagd's fractional agree")
struct FlagdTests {
    static let generations: [HashAlgorithm] = [.flagdV2, .flagdV3]

    /// The one flag that no share can stand for: flagd itself refuses weights above Int32.max in sum.
    private static let inexpressible: Set<String> = ["sum-overflow"]

    @Test("on every evaluation of every flag that an allocation can express", arguments: generations)
    func agreesOnEvaluations(algorithm: HashAlgorithm) throws {
        let vectors = try FlagdVectors.read(algorithm)
        var left: Set<String> = []
        var compared = 0
        for (name, flag) in vectors.flags {
            guard let expressed = ExpressedFlag(flag.definition, named: name, algorithm) else {
                left.insert(name)
                continue
            }
            for evaluation in flag.results {
                let isTreated = evaluation.variant == expressed.treatment
                // A weight such as 1/7 lies between two shares; nobody here is in the one bucket between them.
                for share in [expressed.shareBelow, expressed.shareAbove] {
                    let variant = expressed.assigner(at: share).assign(evaluation.key).variant
                    #expect(variant == (isTreated ? .treatment : .control), "\(name) \(evaluation.key)")
                }
                compared += 1
            }
        }
        #expect(left == Self.inexpressible)
        #expect(compared == 1_113)
    }

    @Test("on the exact weight from which a client is treated", arguments: generations)
    func agreesOnThresholds(algorithm: HashAlgorithm) throws {
        let thresholds = try FlagdVectors.read(algorithm).thresholds
        for row in thresholds.results {
            // A weight out of 10,000 is ten buckets.
            let least = try #require(Percentage(buckets: row.weight * 10))
            let less = try #require(Percentage(buckets: row.weight * 10 - 10))
            #expect(assigned(row.key, by: algorithm, salt: row.flag, at: least).variant == .treatment)
            #expect(assigned(row.key, by: algorithm, salt: row.flag, at: less).variant == .control)
        }
        #expect(thresholds.results.count == 164)
    }

    @Test("on the hash behind a bucket, with the flag's key and without", arguments: generations)
    func agreesOnHashes(algorithm: HashAlgorithm) throws {
        let inputs = try FlagdVectors.read(algorithm).hashInputs
        for row in inputs.results {
            let withFlag = assigned(row.key, by: algorithm, salt: "checkout", at: .hundred)
            #expect(withFlag.bucket == bucket(row.salted.hash), "\(row.key)")
            let alone = assigned(row.key, by: algorithm, salt: "", flag: "checkout", at: .hundred)
            #expect(alone.bucket == bucket(row.plain.hash), "\(row.key)")
        }
        #expect(inputs.results.count == 87)
    }

    @Test("that nobody without a key is treated", arguments: generations)
    func agreesOnMissingKey(algorithm: HashAlgorithm) throws {
        var answers = try FlagdVectors.read(algorithm).edgeContexts.results
        // flagd puts everybody whose `email` is missing into the bucket of the flag's key alone; here they get control.
        let strangers = answers.removeValue(forKey: "byemail: email missing, targetingKey=user-1")
        #expect(strangers?[1] == "TARGETING_MATCH")
        #expect(
            Set(answers.keys) == [
                "half: no targetingKey", "half: empty targetingKey", "bykey: no targetingKey",
            ]
        )
        #expect(answers.values.allSatisfy { $0 == ["dflt", "DEFAULT", nil] })

        let expected = Assigned(variant: .control, bucket: nil, reason: .targetingKeyMissing)
        let allocation = Allocation(
            enabled: true,
            percentage: .hundred,
            salt: "half",
            algorithm: algorithm,
            revision: 1
        )
        #expect(Assigner(allocation).assign("") == expected)
        #expect(Assigner(allocation).assign(nil) == expected)
        #expect(Assigner(allocation).assign(context: ["email": "user-1"]) == expected)
        #expect(
            Assigner(allocation, bucketBy: "email").assign(context: ["targetingKey": "user-1"]) == expected
        )
    }

    private func assigned(
        _ key: String,
        by algorithm: HashAlgorithm,
        salt: String,
        flag: String? = nil,
        at percentage: Percentage
    ) -> Assigned {
        let allocation = Allocation(
            enabled: true,
            percentage: percentage,
            salt: salt,
            algorithm: algorithm,
            revision: 1
        )
        return Assigner(allocation, flag: flag).assign(key)
    }
}

/// The bucket of a hash: its share of 2³², out of 100,000.
private func bucket(_ hash: UInt32) -> UInt32 { UInt32((UInt64(hash) * 100_000) >> 32) }

@Suite("flagd's third generation hashes CBOR")
struct FlagdCBORTests {
    @Test("of the very bytes that the vectors have")
    func hashesBytes() throws {
        let inputs = try FlagdVectors.read(.flagdV3).hashInputs.results
        for row in inputs {
            let pair = try #require(row.salted.bytes.flatMap(decoded(hexadecimal:)))
            #expect([0x82] + text("checkout") + text(row.key) == pair)
            #expect(Murmur3.hash(pair) == row.salted.hash)
            let alone = try #require(row.plain.bytes.flatMap(decoded(hexadecimal:)))
            #expect(text(row.key) == alone)
            #expect(Murmur3.hash(alone) == row.plain.hash)
        }
    }

    @Test("with the shortest head for every length of salt and key", arguments: [true, false])
    func shortestHeads(saltIsFlag: Bool) {
        for length in [1, 22, 23, 24, 25, 254, 255, 256, 257, 65_534, 65_535, 65_536, 65_537] {
            for saltLength in [1, 23, 24, 256] {
                let salt = String(repeating: "s", count: saltLength)
                let key = String(repeating: "k", count: length)
                let bytes = saltIsFlag ? [0x82] + text(salt) + text(key) : text(salt + key)
                let allocation = Allocation(
                    enabled: true,
                    percentage: .hundred,
                    salt: salt,
                    algorithm: .flagdV3,
                    revision: 1
                )
                let assigned = Assigner(allocation, flag: saltIsFlag ? salt : "other").assign(key)
                #expect(assigned.bucket == bucket(Murmur3.hash(bytes)), "\(saltLength) and \(length) bytes")
            }
        }
    }

    /// Numbers, truth values and objects can be keys in flagd; here a key is a text, so only the hash is compared.
    @Test("of what is no text in the same way")
    func hashesOtherKeys() throws {
        let vectors = try FlagdVectors.read(.flagdV3)
        let rows = try #require(vectors.otherKeys).results + #require(vectors.objects).results
        for row in rows {
            #expect(Murmur3.hash(try #require(decoded(hexadecimal: row.bytes))) == row.hash)
        }
        #expect(rows.count == 48)
    }

    /// A CBOR text by RFC 8949's own words: major type 3, the shortest length, the highest byte first.
    private func text(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        let count = bytes.count
        let head: [UInt8] =
            if count < 24 {
                [0x60 + UInt8(count)]
            } else if count < 1 << 8 {
                [0x78, UInt8(count)]
            } else if count < 1 << 16 {
                [0x79, UInt8(count >> 8), UInt8(count & 0xff)]
            } else {
                [
                    0x7a, UInt8(count >> 24), UInt8(count >> 16 & 0xff), UInt8(count >> 8 & 0xff),
                    UInt8(count & 0xff),
                ]
            }
        return head + bytes
    }
}
