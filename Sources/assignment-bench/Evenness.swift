import Assignment
import Glibc

/// Ten million clients under flags with similar names: every share is met, and no flag follows another.
enum Evenness {
    private static let clients = 10_000_000
    private static let flags = ["search", "search-2", "search2", "searches", "a-search", "b-search"]
    private static let percents: [UInt32] = [1, 10, 50, 90]
    /// Standard deviations; the square is the limit of χ² with one degree of freedom.
    private static let maxDeviation = 4.0

    /// Prints the worst deviation of a share and the worst χ² of two flags; false beyond four standard deviations.
    static func report() -> Bool {
        print("")
        row("\(clients) clients", "worst share", "worst χ²", remark: "\(flags.count) flags")
        let reports = HashAlgorithm.allCases.map(report)
        return reports.allSatisfy { $0 }
    }

    private static func report(_ algorithm: HashAlgorithm) -> Bool {
        let assigners = flags.map { AssignmentBench.assigner(by: algorithm, salt: $0) }
        let limits = percents.map { $0 * algorithm.bucketCount / 100 }
        var treated = [Int](repeating: 0, count: flags.count * limits.count)
        // One bit for each flag whose lower half the client is in.
        var combinations = [Int](repeating: 0, count: 1 << flags.count)
        var id = Array("user-00000000".utf8)
        for _ in 0..<clients {
            var combination = 0
            for flag in assigners.indices {
                let bucket = assigners[flag].assign(utf8: id.span).bucket ?? 0
                for limit in limits.indices where bucket < limits[limit] {
                    treated[flag * limits.count + limit] += 1
                }
                if bucket < algorithm.bucketCount / 2 { combination |= 1 << flag }
            }
            combinations[combination] += 1
            countUp(&id)
        }
        let share = worstShare(treated)
        let dependence = worstDependence(combinations)
        row(
            "  \(algorithm.rawValue)",
            "\(share.text) σ",
            dependence.text,
            remark: "at most \(maxDeviation.text) σ and \((maxDeviation * maxDeviation).text)"
        )
        return share <= maxDeviation && dependence <= maxDeviation * maxDeviation
    }

    /// The largest distance of a count from its expectation, in standard deviations of a fair draw.
    private static func worstShare(_ treated: [Int]) -> Double {
        treated.enumerated().map { index, count in
            let share = Double(percents[index % percents.count]) / 100
            let deviation = (Double(clients) * share * (1 - share)).squareRoot()
            return (Double(count) - Double(clients) * share).magnitude / deviation
        }.max() ?? .infinity
    }

    /// The largest χ² for the independence of two flags at 50 %, from a table of two by two.
    private static func worstDependence(_ combinations: [Int]) -> Double {
        var worst = 0.0
        for one in flags.indices {
            for other in flags.indices where other > one {
                var cells = [Double](repeating: 0, count: 4)
                for (combination, count) in combinations.enumerated() {
                    cells[(combination >> one & 1) * 2 + (combination >> other & 1)] += Double(count)
                }
                let (a, b, c, d) = (cells[0], cells[1], cells[2], cells[3])
                let difference = a * d - b * c
                let margins = (a + b) * (c + d) * (a + c) * (b + d)
                worst = max(worst, Double(clients) * difference * difference / margins)
            }
        }
        return worst
    }

    /// The next decimal number at the end of an id.
    private static func countUp(_ id: inout [UInt8]) {
        for place in id.indices.reversed() {
            guard id[place] == UInt8(ascii: "9") else {
                id[place] += 1
                return
            }
            id[place] = UInt8(ascii: "0")
        }
    }
}
