import Analysis
import Assignment
import Rollout

/// What an audit found: the value that text and JSON are made from.
struct AuditView: Sendable, Equatable, Encodable {
    /// Raised when a field changes its meaning or goes away.
    var schemaVersion = 1
    var kind = "audit"
    var flag: String
    var verdict: SampleRatio.Verdict
    /// What is published, in percent.
    var exposure: Percentage
    var salt: String
    var algorithm: HashAlgorithm
    /// Where the counts are from, for people.
    var source: String
    /// Treatment first.
    var variants: [VariantView]
    /// Observed less expected share of the treatment, as a ratio.
    var difference: Double
    var chiSquare: ChiSquareView
    /// By a test that may be asked again and again while counts grow.
    var sequentialPValue: Double
    /// Nil where only counts are known.
    var assignments: AssignmentsView?
    var causes: [LikelyCause] = []
    var exitStatus: Int32 = 0

    struct VariantView: Sendable, Equatable, Encodable {
        var name: String
        var observed: Double
        /// Nil where nobody was observed.
        var observedShare: Double?
        var expected: Double
        var expectedShare: Double
    }

    struct ChiSquareView: Sendable, Equatable, Encodable {
        /// Nil where it is infinite: somebody has a variant that nobody should.
        var statistic: Double?
        var degreesOfFreedom: Int
        var pValue: Double
    }

    struct AssignmentsView: Sendable, Equatable, Encodable {
        /// Different ids.
        var ids: Int
        /// Seen with both variants; not among the counts of either.
        var both: Int
        var wrong: Int
        /// The first of the wrong ones, or all of them with `--list`.
        var list: [WrongView]
    }

    struct WrongView: Sendable, Equatable, Encodable {
        var id: String
        /// `both` where it was seen with both.
        var observed: String
        var expected: String
    }
}

extension AuditView {
    init(_ flag: AssignedFlag, _ observed: ObservedSplit) {
        let ratio = SampleRatio(
            treatment: observed.treatment,
            control: observed.control,
            expectedShare: flag.treatedShare
        )
        let test = ratio.goodnessOfFit
        let share = ratio.observedShare
        self.init(
            flag: flag.flag,
            verdict: ratio.verdict,
            exposure: flag.allocation.exposure,
            salt: flag.allocation.salt,
            algorithm: flag.allocation.algorithm,
            source: observed.source,
            variants: [
                VariantView(
                    name: flag.variants.treatment,
                    observed: observed.treatment,
                    observedShare: share,
                    expected: test.expected[0],
                    expectedShare: ratio.expectedShare
                ),
                VariantView(
                    name: flag.variants.control,
                    observed: observed.control,
                    observedShare: share.map { 1 - $0 },
                    expected: test.expected[1],
                    expectedShare: 1 - ratio.expectedShare
                ),
            ],
            difference: ratio.difference,
            chiSquare: ChiSquareView(
                statistic: test.statistic.isFinite ? test.statistic : nil,
                degreesOfFreedom: test.degreesOfFreedom,
                pValue: test.pValue
            ),
            sequentialPValue: ratio.sequentialPValue
        )
        causes = flag.sharesThatFit(ratio)
        conclude()
    }

    init(_ flag: AssignedFlag, _ table: IDTable, source: String, listing most: Int) {
        let audit = AssignmentAudit(table, under: flag.assigner, naming: most)
        self.init(
            flag,
            ObservedSplit(
                treatment: Double(audit.treatment),
                control: Double(audit.control),
                source: source
            )
        )
        assignments = AssignmentsView(
            ids: audit.ids,
            both: audit.both,
            wrong: audit.wrongCount,
            list: audit.wrong.map { wrong in
                WrongView(
                    id: wrong.id,
                    observed: wrong.observed.map(flag.name) ?? "both",
                    expected: flag.name(of: wrong.expected)
                )
            }
        )
        causes = CauseSearch(flag: flag, table: table, audit: audit).causes
        if audit.wrongCount == 0, verdict == .mismatch {
            let text = "every id has the variant it should: ids of one variant are missing"
            causes = [LikelyCause(code: "missing-ids", text: text)]
        }
        conclude()
    }

    private mutating func conclude() {
        let isWrong = verdict == .mismatch || (assignments?.wrong ?? 0) > 0
        exitStatus = (isWrong ? ExitStatus.waitsForPerson : .fine).rawValue
        if !isWrong { causes = [] }
    }
}

extension AssignedFlag {
    /// Shares the policy names, or nobody or everybody, that the counts would fit where this one does not.
    fileprivate func sharesThatFit(_ ratio: SampleRatio) -> [LikelyCause] {
        let steps = policy?.steps.map(\.percentage) ?? []
        let shares = [Percentage.zero, .hundred] + steps
        let fitting = shares.filter { share in
            var other = ratio
            other = SampleRatio(
                treatment: ratio.treatment,
                control: ratio.control,
                expectedShare: allocation.algorithm.treatedShare(at: share)
            )
            return share != allocation.exposure && other.verdict == .fits
        }
        guard let share = fitting.first else { return [] }
        let what = share == .zero ? "nobody has the treatment" : share == .hundred ? "everybody has it" : nil
        let text = "the counts fit \(share)\(what.map { ": \($0)" } ?? ", another step of the policy")"
        return [LikelyCause(code: "other-percentage", text: text)]
    }
}
