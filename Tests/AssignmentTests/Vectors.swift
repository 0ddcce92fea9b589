import FoundationEssentials

/// Expected answers made by other programs; each file's header says by which.
enum Vectors {
    static func read<Content: Decodable>(_ name: String, as content: Content.Type) throws -> Content {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Vectors")
        return try JSONDecoder().decode(content, from: Data(contentsOf: folder.appending(path: name)))
    }
}

/// `murmur3_x86_32.json`: hashes of texts and bytes, a column for each seed.
struct MurmurVectors: Decodable {
    struct Header: Decodable {
        var seeds: [UInt32]
        /// How many hashes the rows hold, without the long one.
        var vectors: Int
    }

    struct Row: Decodable {
        var input: String
        var hashes: [UInt32]

        init(from decoder: any Decoder) throws {
            var columns = try decoder.unkeyedContainer()
            input = try columns.decode(String.self)
            hashes = try columns.decode([UInt32].self)
        }
    }

    /// Bytes by the rule `byte[i] = (i * 31 + 7) & 0xff`.
    struct Long: Decodable {
        var length: Int
        var hashes: [UInt32]
    }

    var header: Header
    var text: [Row]
    var hex: [Row]
    var long: Long

    static func read() throws -> MurmurVectors {
        try Vectors.read("murmur3_x86_32.json", as: MurmurVectors.self)
    }
}

/// `flagd_fractional_v2.json`: what a real OpenFeature client with flagd's provider answered.
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

    /// The hashes behind the buckets, with the salt `checkout` and without one.
    struct HashInputs: Decodable {
        struct Row: Decodable {
            var key: String
            var salted: UInt32
            var plain: UInt32

            init(from decoder: any Decoder) throws {
                var columns = try decoder.unkeyedContainer()
                key = try columns.decode(String.self)
                salted = try columns.decode(UInt32.self)
                plain = try columns.decode(UInt32.self)
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

    enum CodingKeys: String, CodingKey {
        case flags, thresholds
        case hashInputs = "hash_inputs"
        case edgeContexts = "edge_contexts"
    }

    static func read() throws -> FlagdVectors {
        try Vectors.read("flagd_fractional_v2.json", as: FlagdVectors.self)
    }
}
