import Assignment

/// `flagd_fractional_v2.json` and `…_v3.json`: what a real OpenFeature client with flagd's provider answered.
struct FlagdVectors: Decodable {
    struct Flag: Decodable {
        var definition: Definition
        var results: [Evaluation]
    }

    struct Definition: Decodable {
        struct Targeting: Decodable {
            var fractional: [Rule]
        }

        var targeting: Targeting
    }

    /// A piece of JSONLogic, as far as the flags here use it.
    enum Rule: Decodable, Equatable {
        case number(Int64)
        case text(String)
        case list([Rule])
        case operation([String: Rule])

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            if let number = try? value.decode(Int64.self) {
                self = .number(number)
            } else if let text = try? value.decode(String.self) {
                self = .text(text)
            } else if let list = try? value.decode([Rule].self) {
                self = .list(list)
            } else {
                self = .operation(try value.decode([String: Rule].self))
            }
        }

        static func variable(_ name: String) -> Rule { .operation(["var": .text(name)]) }
    }

    struct Evaluation: Decodable {
        var key: String
        var variant: String

        init(from decoder: any Decoder) throws {
            var columns = try decoder.unkeyedContainer()
            key = try columns.decode(String.self)
            variant = try columns.decode(String.self)
        }
    }

    /// The smallest weight out of 10,000 that treats a client.
    struct Thresholds: Decodable {
        struct Row: Decodable {
            var flag: String
            var key: String
            var weight: UInt32

            init(from decoder: any Decoder) throws {
                var columns = try decoder.unkeyedContainer()
                flag = try columns.decode(String.self)
                key = try columns.decode(String.self)
                weight = try columns.decode(UInt32.self)
            }
        }

        var results: [Row]
    }

    /// The hashes behind the buckets, with the flag's key `checkout` and without one.
    struct HashInputs: Decodable {
        struct Row: Decodable {
            var key: String
            var salted: Input
            var plain: Input

            init(from decoder: any Decoder) throws {
                var columns = try decoder.unkeyedContainer()
                key = try columns.decode(String.self)
                salted = try Input(from: &columns)
                plain = try Input(from: &columns)
            }
        }

        struct Input {
            /// The bytes hashed, in hexadecimal; only in the third generation's file.
            var bytes: String?
            var hash: UInt32

            fileprivate init(from columns: inout any UnkeyedDecodingContainer) throws {
                bytes = try? columns.decode(String.self)
                hash = try columns.decode(UInt32.self)
            }
        }

        var results: [Row]
    }

    /// Hashes of what is no text, which no key here can be: bytes and their hash.
    struct OtherInputs: Decodable {
        struct Row: Decodable {
            var bytes: String
            var hash: UInt32

            init(from decoder: any Decoder) throws {
                var columns = try decoder.unkeyedContainer()
                _ = try columns.decode(String.self)
                bytes = try columns.decode(String.self)
                hash = try columns.decode(UInt32.self)
            }
        }

        var results: [Row]
    }

    /// Answers to `variant, reason, error code` where the context lacks something.
    struct EdgeContexts: Decodable {
        var results: [String: [String?]]
    }

    var flags: [String: Flag]
    var thresholds: Thresholds
    var hashInputs: HashInputs
    var edgeContexts: EdgeContexts
    /// Numbers and truth values as keys; only in the third generation's file.
    var otherKeys: OtherInputs?
    /// Objects as keys; only in the third generation's file.
    var objects: OtherInputs?

    enum CodingKeys: String, CodingKey {
        case flags, thresholds
        case hashInputs = "hash_inputs"
        case edgeContexts = "edge_contexts"
        case otherKeys = "bucketBy_non_string"
        case objects = "bucketBy_objects"
    }

    static func read(_ algorithm: HashAlgorithm) throws -> FlagdVectors {
        let generation = algorithm == .flagdV3 ? 3 : 2
        return try Vectors.read("flagd_fractional_v\(generation).json", as: FlagdVectors.self)
    }
}
