import Analysis
import Assignment
import Rollout

/// How many clients got what, and why.
struct AssignmentTally: Sendable, Equatable {
    private(set) var treatment = 0
    private(set) var control = 0
    /// Clients that no bucket decided about, by why.
    private(set) var unhashed: [AssignmentReason: Int] = [:]

    /// Counts one client.
    mutating func count(_ assigned: Assigned) {
        switch assigned.variant {
        case .treatment: treatment += 1
        case .control: control += 1
        }
        if assigned.reason != .split { unhashed[assigned.reason, default: 0] += 1 }
    }

    /// What a person reads at the end.
    func lines(_ flag: AssignedFlag) -> [String] {
        let total = treatment + control
        guard total > 0 else { return ["no ids"] }
        let shares = [(flag.variants.treatment, treatment), (flag.variants.control, control)].map {
            name,
            count in
            let share = NumberText.percent(Double(count) / Double(total))
            return "\(name) \(NumberText.count(Double(count))) (\(share))"
        }
        var lines = ["\(NumberText.count(Double(total))) ids: \(shares.joined(separator: ", "))"]
        for reason in AssignmentReason.allCases {
            guard let count = unhashed[reason] else { continue }
            lines.append("not by bucket: \(NumberText.count(Double(count))) \(reason.rawValue)")
        }
        if let words = fit(flag) { lines.append(words) }
        return lines
    }

    /// How the share of those that a bucket decided about fits the allocation.
    private func fit(_ flag: AssignedFlag) -> String? {
        let hashed = treatment + control - unhashed.values.reduce(0, +)
        guard hashed > 0 else { return nil }
        let ratio = SampleRatio(
            treatment: Double(treatment),
            control: Double(hashed - treatment),
            expectedShare: flag.treatedShare
        )
        let expected = NumberText.percent(ratio.expectedShare, places: 3)
        let off = DifferenceText.points(ratio.difference)
        return
            "expected \(expected), off by \(off); sample ratio p = \(PText.text(ratio.goodnessOfFit.pValue))"
    }
}

/// A difference of shares: `+0.12 pp`.
enum DifferenceText {
    static func points(_ difference: Double) -> String {
        let sign = difference < 0 ? "−" : "+"
        return "\(sign)\(NumberText.decimal((difference.magnitude * 1e5).rounded() / 1e3, places: 3)) pp"
    }
}

/// A probability: two digits where it is not tiny, else its size.
enum PText {
    static func text(_ probability: Double) -> String {
        guard probability > 0 else { return "0" }
        if probability >= 0.001 { return NumberText.decimal(probability, places: 3) }
        var exponent = 0
        var digits = probability
        while digits < 1, exponent < 400 {
            digits *= 10
            exponent += 1
        }
        return "\(NumberText.decimal(digits, places: 1))e-\(exponent)"
    }
}
