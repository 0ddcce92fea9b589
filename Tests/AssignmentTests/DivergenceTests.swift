import Testing

@testable import Assignment

/// `js_nonascii_divergence.json`: what the murmur3 of other JavaScript libraries makes of letters beyond ASCII.
private struct DivergenceVectors: Decodable {
    struct Row: Decodable {
        var text: String
        /// Over UTF-8, by two seeds; what most SDKs compute.
        var utf8: UInt32
        /// In flagd's provider for JavaScript.
        var imurmurhash: UInt32
        /// In Unleash's SDK for Node.js.
        var murmurhash3js: UInt32
        /// Encodes UTF-8 first.
        var nodeMurmurhash: UInt32

        init(from decoder: any Decoder) throws {
            var columns = try decoder.unkeyedContainer()
            text = try columns.decode(String.self)
            utf8 = try columns.decode(UInt32.self)
            imurmurhash = try columns.decode(UInt32.self)
            murmurhash3js = try columns.decode(UInt32.self)
            nodeMurmurhash = try columns.decode(UInt32.self)
        }
    }

    var rows: [Row]
}

@Suite("A salt beyond ASCII")
struct DivergenceTests {
    @Test("gives other buckets in JavaScript, text by text, as the lint warning says")
    func diverges() throws {
        let vectors = try Vectors.read("js_nonascii_divergence.json", as: DivergenceVectors.self)
        #expect(vectors.rows.count == 16)
        for row in vectors.rows {
            #expect(!row.text.utf8.allSatisfy { $0 < 0x80 })
            #expect(Murmur3.hash(row.text) == row.utf8, "\(row.text)")
            #expect(row.nodeMurmurhash == row.utf8)
            #expect(row.imurmurhash != row.utf8, "\(row.text)")
            #expect(row.murmurhash3js != row.utf8, "\(row.text)")
        }
    }
}
