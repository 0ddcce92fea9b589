/// How far one sample is shifted from another, without assuming a distribution.
enum MannWhitney {
    struct Shift: Equatable {
        /// Hodges and Lehmann's: the median of all differences.
        var estimate: Double
        /// Where the confidence interval of 98 % begins; minus infinity where the samples are too small for one.
        var lower: Double
    }

    /// The 99 % point of the standard normal distribution.
    private static let quantile = 2.326347874040841

    /// The shift of `one` from `other`, from the normal approximation with ties taken into account.
    ///
    /// - Parameters:
    ///   - one: Not empty.
    ///   - other: Not empty.
    /// - Returns: Nil where all numbers are the same.
    static func shift(of one: [Double], from other: [Double]) -> Shift? {
        let all = (one + other).sorted()
        guard let least = all.first, let most = all.last, least < most else { return nil }
        var differences: [Double] = []
        differences.reserveCapacity(one.count * other.count)
        for x in one { for y in other { differences.append(x - y) } }
        differences.sort()
        let pairs = Double(differences.count)
        let total = Double(all.count)
        let variance = pairs / 12 * (total + 1 - ties(in: all) / max(total * (total - 1), 1))
        let rank = (pairs / 2 - quantile * max(variance, 0).squareRoot()).rounded(.down)
        let middle = differences.count / 2
        let estimate =
            differences.count.isMultiple(of: 2)
            ? 0.5 * (differences[middle - 1] + differences[middle]) : differences[middle]
        return Shift(estimate: estimate, lower: rank >= 1 ? differences[Int(rank) - 1] : -.infinity)
    }

    /// Σ (t³ − t) over the groups of t equal numbers.
    private static func ties(in sorted: [Double]) -> Double {
        var sum = 0.0
        var length = 0.0
        for (index, number) in sorted.enumerated() {
            length = index > 0 && sorted[index - 1] == number ? length + 1 : 1
            // What one more adds: t³ − t less (t − 1)³ − (t − 1).
            sum += 3 * length * (length - 1)
        }
        return sum
    }
}
