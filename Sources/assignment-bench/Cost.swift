import Assignment
import CMurmur3
import Glibc

/// Nanoseconds and allocations of one assignment, for ids of three lengths, beside C over the same bytes.
enum Cost {
    private static let salt = "search"
    private static let rounds = 41
    /// Few enough that all of them stay in the core's nearest cache.
    private static let idCount = 128
    /// Enough for a round to last milliseconds.
    private static let passes = 1_000
    private static let maxRatio = 1.3

    /// Whether the counter sees an allocation that certainly happens.
    static var countsAllocations: Bool {
        let before = allocation_count()
        let texts = (0..<10).map { "a text too long to be kept in place: \($0)" }
        return texts.count == 10 && allocation_count() >= before + 10
    }

    /// Prints a table; false when an assignment allocates, or takes more than 1.3 times as long as C at 36 bytes.
    static func report() -> Bool {
        let half = Percentage(buckets: Percentage.bucketCount / 2) ?? .hundred
        let assigner = AssignmentBench.assigner(by: .flagdV2, salt: salt, at: half)
        var isWithinLimits = true
        row("one assignment", "flagd-v2", "C murmur3", "ratio", "allocations", remark: "medians of \(rounds)")
        for length in [12, 36, 100] {
            let ids = ids(length: length)
            let inputs = SaltedInputs(ids, salt: salt)
            var ours: [Double] = []
            var plain: [Double] = []
            var allocations: UInt64 = 0
            // By turns, so that a disturbance meets both.
            for _ in 0..<rounds {
                let before = allocation_count()
                let (nanoseconds, treated) = timed { Self.treated(ids, by: assigner) }
                allocations += allocation_count() - before
                ours.append(nanoseconds)
                let (nanosecondsOfC, treatedByC) = timed {
                    inputs.treated(below: half.buckets, passes: passes)
                }
                plain.append(nanosecondsOfC)
                precondition(treated == treatedByC, "they do not compute the same")
            }
            let ratio = median(ours) / median(plain)
            let limit = length == 36 ? "ratio at most \(maxRatio.text), no allocation" : ""
            row(
                "  \(length)-byte ids",
                "\(median(ours).text) ns",
                "\(median(plain).text) ns",
                ratio.text,
                "\(allocations)",
                remark: limit
            )
            if allocations > 0 || (length == 36 && ratio > maxRatio) { isWithinLimits = false }
        }
        let others = HashAlgorithm.allCases.dropFirst().map { reportOther($0) }
        return isWithinLimits && others.allSatisfy { $0 }
    }

    private static func reportOther(_ algorithm: HashAlgorithm) -> Bool {
        let assigner = AssignmentBench.assigner(by: algorithm, salt: salt)
        let ids = ids(length: 36)
        var times: [Double] = []
        var allocations: UInt64 = 0
        for _ in 0..<5 {
            let before = allocation_count()
            let (nanoseconds, _) = timed { treated(ids, by: assigner) }
            allocations += allocation_count() - before
            times.append(nanoseconds)
        }
        row("  \(algorithm.rawValue), 36 bytes", "\(median(times).text) ns", "", "", "\(allocations)")
        return allocations == 0
    }

    /// What a service does: a text comes in, a variant goes out.
    ///
    /// Each client comes many times in a row, so that the array's counting of references is not measured.
    private static func treated(_ ids: [String], by assigner: Assigner) -> Int {
        var treated = 0
        for id in ids {
            for _ in 0..<passes where assigner.assign(id).variant == .treatment { treated &+= 1 }
        }
        return treated
    }

    private static func ids(length: Int) -> [String] {
        SampleClients(count: idCount).map { String((String(repeating: "0", count: 64) + $0).suffix(length)) }
    }

    /// Nanoseconds for each assignment of a round.
    private static func timed(_ round: () -> Int) -> (nanoseconds: Double, treated: Int) {
        let began = processorTime()
        let treated = round()
        return ((processorTime() - began) / Double(passes * idCount), treated)
    }

    /// Nanoseconds that this thread has run: what others do on the machine meanwhile does not count.
    private static func processorTime() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
    }

    private static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
}

/// Salt and id of every client as one piece of memory each, as C would have them.
private struct SaltedInputs {
    private let bytes: [UInt8]
    private let length: Int

    /// All ids have the same length.
    init(_ ids: [String], salt: String) {
        bytes = ids.flatMap { Array((salt + $0).utf8) }
        length = bytes.count / ids.count
    }

    /// How many are in the first of 100,000 buckets.
    func treated(below buckets: UInt32, passes: Int) -> Int {
        var treated = 0
        bytes.withUnsafeBytes { bytes in
            guard let first = bytes.baseAddress else { return }
            for offset in stride(from: 0, to: bytes.count, by: length) {
                for _ in 0..<passes {
                    let hash = murmur3_x86_32(first + offset, length, 0)
                    if UInt32((UInt64(hash) &* 100_000) &>> 32) < buckets { treated &+= 1 }
                }
            }
        }
        return treated
    }
}
