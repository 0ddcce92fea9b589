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
