import Assignment
import FoundationEssentials
import Testing

@Suite("A percentage")
struct PercentageTests {
    @Test(
        "is read exactly from percent",
        arguments: [
            (0, 0), (-0.0, 0), (0.001, 1), (0.1, 100), (0.29, 290), (1, 1_000), (12.5, 12_500),
            (33.333, 33_333),
            (64.65, 64_650), (99.999, 99_999), (100, 100_000),
        ] as [(Double, UInt32)]
    )
    func readsPercent(percent: Double, buckets: UInt32) throws {
        let share = try #require(Percentage(percent: percent))
        #expect(share.buckets == buckets)
        #expect(share.percent == percent)
    }

    @Test(
        "is not read from anything outside, finer than a thousandth, or not a number",
        arguments: [
            -0.001, -1, 100.001, 101, 0.0001, 0.0005, 33.33333, 99.9999, .nan, .infinity, -.infinity,
            .greatestFiniteMagnitude,
        ] as [Double]
    )
    func refusesPercent(percent: Double) {
        #expect(Percentage(percent: percent) == nil)
    }

    @Test("is made of at most 100,000 buckets")
    func refusesBuckets() {
        #expect(Percentage(buckets: 100_000) == .hundred)
        #expect(Percentage(buckets: 100_001) == nil)
        #expect(Percentage(buckets: .max) == nil)
    }

    @Test("goes to percent and back for every bucket")
    func roundTrips() throws {
        for buckets in 0...Percentage.bucketCount {
            let share = try #require(Percentage(buckets: buckets))
            guard Percentage(percent: share.percent) == share else {
                Issue.record("\(buckets) buckets become \(share.percent) percent and don't come back")
                return
            }
        }
    }

    @Test(
        "is written as people write it",
        arguments: [("10 %", 10), ("0 %", 0), ("0.125 %", 0.125), ("99.999 %", 99.999)]
    )
    func describesItself(text: String, percent: Double) {
        #expect(Percentage(percent: percent)?.description == text)
    }

    @Test(
        "is a plain number in JSON, whole where it is whole",
        arguments: [("10", 10_000), ("0", 0), ("100", 100_000), ("12.5", 12_500), ("0.001", 1)]
            as [(String, UInt32)]
    )
    func encodes(text: String, buckets: UInt32) throws {
        let share = try #require(Percentage(buckets: buckets))
        let data = try JSONEncoder().encode([share])
        #expect(String(decoding: data, as: UTF8.self) == "[\(text)]")
        #expect(try JSONDecoder().decode([Percentage].self, from: data) == [share])
    }

    @Test("is read from a JSON number however it is written", arguments: ["10", "10.0", "1e1", "1.0E+1"])
    func decodes(text: String) throws {
        #expect(try JSONDecoder().decode(Percentage.self, from: Data(text.utf8)).buckets == 10_000)
    }

    @Test(
        "is not read from other JSON",
        arguments: ["-1", "100.5", "0.0001", "\"10\"", "\"10%\"", "null", "true", "[10]"]
    )
    func refusesToDecode(text: String) {
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(Percentage.self, from: Data(text.utf8))
        }
    }

    @Test("compares by share")
    func compares() throws {
        let shares = try [0, 0.001, 10, 50, 99.999, 100].map { try #require(Percentage(percent: $0)) }
        #expect(shares.shuffled().sorted() == shares)
    }
}

@Suite("An allocation")
struct AllocationTests {
    @Test("exposes nobody while it is disabled")
    func disabledExposesNobody() {
        let allocation = Allocation(enabled: false, percentage: .hundred, salt: "sse", revision: 3)
        #expect(allocation.exposure == .zero)
    }

    @Test("exposes its percentage while it is enabled")
    func enabledExposes() {
        let allocation = Allocation(enabled: true, percentage: .hundred, salt: "sse", revision: 3)
        #expect(allocation.exposure == .hundred)
    }

    @Test("goes through JSON unchanged")
    func roundTrips() throws {
        let percentage = try #require(Percentage(percent: 12.5))
        let allocation = Allocation(enabled: true, percentage: percentage, salt: "соль\u{0}", revision: .max)
        let data = try JSONEncoder().encode(allocation)
        #expect(try JSONDecoder().decode(Allocation.self, from: data) == allocation)
    }

    @Test("is another one with another spelling of its salt, as its buckets are")
    func comparesSaltsByBytes() {
        let composed = Allocation(enabled: true, percentage: .hundred, salt: "\u{e9}", revision: 1)
        let decomposed = Allocation(enabled: true, percentage: .hundred, salt: "e\u{301}", revision: 1)
        #expect(composed != decomposed)
        #expect(Assigner(composed).assign("user-1") != Assigner(decomposed).assign("user-1"))
    }

    @Test("names its algorithm in stored documents by a word that stays")
    func algorithmNames() {
        let words = ["flagd-v2", "flagd-v3", "unleash", "growthbook-v2"]
        #expect(HashAlgorithm.allCases.map(\.rawValue) == words)
    }
}
