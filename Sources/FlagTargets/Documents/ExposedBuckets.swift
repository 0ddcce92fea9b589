import Assignment

/// What readers of a document do, as far as the document says it in buckets, beside what we noted in it.
///
/// Readers follow the definition and not our note. So a share that somebody changed by hand in the definition is the
/// share that is read.
struct ExposedBuckets {
    var enabled: Bool
    /// How many buckets the definition treats, of those that the algorithm has.
    var treated: UInt32
    /// By the definition itself; nil where only the note says it.
    var salt: String?
    /// What our note beside the definition says.
    var noted: AllocationParts

    /// The allocation that readers carry out; nil where no share treats as many buckets.
    func allocation(of flag: String, by algorithm: HashAlgorithm) -> Allocation? {
        guard let share = share(by: algorithm) else { return nil }
        return Allocation(
            enabled: enabled,
            percentage: share,
            salt: salt ?? noted.salt ?? flag,
            algorithm: algorithm,
            revision: noted.revision ?? 0
        )
    }

    /// The noted share where it is what the definition does, or what it would do if it were not disabled.
    private func share(by algorithm: HashAlgorithm) -> Percentage? {
        if let percentage = noted.percentage {
            let isDisabled = !enabled && treated == 0
            if isDisabled || algorithm.treatedBuckets(at: percentage) == treated { return percentage }
        }
        return algorithm.share(treating: treated)
    }
}

extension HashAlgorithm {
    /// The largest share that treats so many buckets; nil where none does.
    fileprivate func share(treating treated: UInt32) -> Percentage? {
        let whole: UInt32
        switch self {
        case .flagdV2, .flagdV3, .unleash: whole = treated
        // One bucket more is treated than the share says, but not at 0 %, nor beyond the last.
        case .growthbookV2: whole = treated == 0 || treated == bucketCount ? treated : treated - 1
        }
        guard let share = Percentage(buckets: whole * finestStep.buckets) else { return nil }
        return treatedBuckets(at: share) == treated ? share : nil
    }
}
