import Assignment
import Rollout

/// What would explain a wrong split: a stable code for programs, and words for people.
struct LikelyCause: Sendable, Equatable, Encodable {
    var code: String
    var text: String
}

/// Allocations near the published one, held against who was seen with what.
struct CauseSearch {
    var flag: AssignedFlag
    var table: IDTable
    var audit: AssignmentAudit

    /// Fewer wrong ids than this may fit anything by chance.
    private static let fewestWrong = 10
    /// How many of the wrong ids an explanation may leave over.
    private static let mostLeftOver = 0.05

    /// The likely causes, the best first; empty where nothing explains what is wrong.
    var causes: [LikelyCause] {
        var causes: [LikelyCause] = []
        if audit.both > 0 {
            let words = "\(NumberText.count(Double(audit.both))) ids were seen with both variants"
            causes.append(
                LikelyCause(
                    code: "both-variants",
                    text: "\(words): the percentage changed in between, or their key did"
                )
            )
        }
        guard audit.wrongCount - audit.both >= Self.fewestWrong else { return causes }
        if audit.wrongBeyondASCII * 10 >= audit.wrongCount * 9 {
            let text = "nearly all wrong ids are beyond ASCII, which some SDKs hash as UTF-16 or as '?'"
            causes.append(LikelyCause(code: "beyond-ascii", text: text))
        }
        return causes + explanations
    }

    private var explanations: [LikelyCause] {
        let ranked = candidates.map { ($0, Fit($0.assigner, table)) }
            .filter { Double($1.wrong) <= Double(audit.wrongCount - audit.both) * Self.mostLeftOver }
            .min { $0.1.wrong < $1.1.wrong }
        guard let (candidate, fit) = ranked else {
            let swapped = audit.treatment + audit.control - (audit.wrongCount - audit.both)
            guard Double(swapped) <= Double(audit.wrongCount) * Self.mostLeftOver else { return [] }
            let text = "treatment and control are exchanged\(Self.coverage(swapped))"
            return [LikelyCause(code: "exchanged-variants", text: text)]
        }
        let share = fit.share == flag.allocation.exposure ? nil : fit.shareWords
        let words = [candidate.words, share].compactMap(\.self).joined(separator: " at ")
        let code = candidate.code ?? "other-percentage"
        return [LikelyCause(code: code, text: "\(words)\(Self.coverage(fit.wrong))")]
    }

    private static func coverage(_ left: Int) -> String {
        left == 0 ? " explains every id" : " explains all but \(NumberText.count(Double(left))) ids"
    }

    /// One way to compute buckets.
    private struct Candidate {
        var assigner: Assigner
        /// Nil for the published one.
        var code: String?
        var words: String?
    }

    private var candidates: [Candidate] {
        let others = HashAlgorithm.allCases.filter { $0 != flag.allocation.algorithm }.map {
            candidate(
                $0,
                salt: flag.allocation.salt,
                code: "other-algorithm",
                words: "the algorithm \($0.rawValue)"
            )
        }
        let salts =
            flag.allocation.salt == flag.flag
            ? []
            : HashAlgorithm.allCases.map { algorithm in
                candidate(
                    algorithm,
                    salt: flag.flag,
                    code: "other-salt",
                    words: "the flag's name as salt"
                        + (algorithm == flag.allocation.algorithm ? "" : " and \(algorithm.rawValue)")
                )
            }
        let published = candidate(flag.allocation.algorithm, salt: flag.allocation.salt)
        return [published] + others + salts
    }

    private func candidate(
        _ algorithm: HashAlgorithm,
        salt: String,
        code: String? = nil,
        words: String? = nil
    ) -> Candidate {
        // Enabled, so that there are buckets.
        let allocation = Allocation(
            enabled: true,
            percentage: .hundred,
            salt: salt,
            algorithm: algorithm,
            revision: 0
        )
        return Candidate(assigner: Assigner(allocation, flag: flag.flag), code: code, words: words)
    }
}

/// The share that fits best what ids were seen with, by one way to compute buckets.
private struct Fit {
    /// How many ids it leaves wrong.
    var wrong: Int
    /// One that leaves no more; the roundest of them.
    var share: Percentage

    init(_ assigner: Assigner, _ table: IDTable) {
        let algorithm = assigner.allocation.algorithm
        var gains = [Int](repeating: 0, count: Int(algorithm.bucketCount))
        var wrong = 0
        table.forEach { id, seen in
            guard seen != .both, let bucket = assigner.assign(utf8: id.span).bucket else { return }
            // With nobody treated, whoever was seen treated is wrong; each bucket more rights or wrongs its own.
            wrong += seen == .treatment ? 1 : 0
            gains[Int(bucket)] += seen == .treatment ? 1 : -1
        }
        var best = wrong
        var range = 0...0
        for (bucket, gain) in gains.enumerated() {
            wrong -= gain
            let treated = bucket + 1
            if wrong < best {
                best = wrong
                range = treated...treated
            } else if wrong == best, range.upperBound == treated - 1 {
                range = range.lowerBound...treated
            }
        }
        self.wrong = best
        share = Self.roundest(range, algorithm)
    }

    /// What nobody and everybody are called.
    var shareWords: String {
        share == .zero ? "0 % (nobody is treated)" : share == .hundred ? "100 % (everybody is)" : "\(share)"
    }

    /// The share with the fewest digits whose number of treated buckets lies in a range.
    private static func roundest(_ range: ClosedRange<Int>, _ algorithm: HashAlgorithm) -> Percentage {
        for step in [100_000, 50_000, 10_000, 5_000, 1_000, 500, 100, 10, 1] as [UInt32] {
            for share in stride(from: 0, through: Percentage.bucketCount, by: Int(step)) {
                guard let share = Percentage(buckets: share), algorithm.expresses(share) else { continue }
                if range.contains(Int(algorithm.treatedBuckets(at: share))) { return share }
            }
        }
        return Percentage(buckets: UInt32(range.lowerBound) * algorithm.finestStep.buckets) ?? .hundred
    }
}
