extension Cause {
    /// What was seen, for people who read the fail-direction matrix.
    package var meaning: String {
        switch self {
        case .healthy: "every limit holds, on enough samples"
        case .breached: "a limit is broken"
        case .treatmentSilent: "the treatment says nothing while the control does"
        case .undecided: "enough samples, still no verdict"
        case .tooFewSamples: "some traffic, less than a verdict needs"
        case .noFailuresSeries: "exposures, and no series of failures at all"
        case .noData: "an empty result"
        case .noTraffic: "nothing happened: 0/0, NaN, zero exposures"
        case .unchanged: "no newer sample than at the last tick"
        case .inconsistent: "more failures than exposures, or a negative count"
        case .notFinite: "+Inf or −Inf"
        case .ambiguous: "several series where one is asked"
        case .partial: "an answer from part of the data"
        case .stale: "the newest sample is too old"
        case .unreachable: "no answer, a timeout, 5xx, 429"
        case .refused: "401, 403, another 4xx, no JSON"
        case .splitMismatch: "another share of clients has the treatment than is published"
        case .notDue: "too early for this question to be about this step only"
        case .firstLook: "the first look at the counters of a page: nothing to count from yet, and no bake"
        case .targetUnavailable: "a target cannot be read, or a write has an unknown outcome"
        case .policyChanged: "the policy file is not the accepted one"
        case .drift: "a target shows what nobody here ordered"
        case .clockSkew: "this host's clock and the metrics server's differ"
        case .storeUnavailable: "the state cannot be saved"
        }
    }
}

extension Direction {
    /// What the rollout does about it, with the policy's own deadlines.
    package func words(under deadlines: Deadlines) -> String {
        switch self {
        case .mayAdvance: return "may advance"
        case .rollBackNow: return "rolls back now"
        case .countsAsZero: return "counts as zero failures"
        case .countsNothing: return "counts nothing, loses nothing"
        case .holdsForAPerson: return "holds for a person"
        case .holds(let cause):
            let deadline = deadlines[cause]
            return "holds; \(deadline.action.word) after \(deadline.after)"
        }
    }

    /// The same as a code for programs: `may-advance`, `holds-blind`.
    package var code: String {
        switch self {
        case .mayAdvance: "may-advance"
        case .rollBackNow: "roll-back-now"
        case .countsAsZero: "counts-as-zero"
        case .countsNothing: "counts-nothing"
        case .holds(let cause): "holds-\(cause.code)"
        case .holdsForAPerson: "holds-for-a-person"
        }
    }
}

extension WaitingCause {
    /// The clock's name in kebab case.
    package var code: String {
        switch self {
        case .blind: "blind"
        case .undecided: "undecided"
        case .tooFewSamples: "too-few-samples"
        case .noTraffic: "no-traffic"
        }
    }
}
