import Assignment
import Rollout

/// The keys of a whole policy.
enum PolicyKey: String, SectionKey {
    case flag, variants, salt, algorithm, state, interval, steps, stopsShort, falseAlarms, holdback, metrics,
        checks, deadlines, publish

    static let section = "a policy"
    static let later = ["freeze", "approve", "approvals"]
    static let synonyms: [String: PolicyKey] = [
        "name": .flag, "store": .state, "stages": .steps, "targets": .publish, "analysis": .checks,
        "prometheus": .metrics, "alpha": .falseAlarms, "significance": .falseAlarms,
        "falsePositives": .falseAlarms, "maxFalsePositive": .falseAlarms, "maxFalsePositives": .falseAlarms,
        "holdout": .holdback,
    ]
    static let elsewhere = withinCheck.merging(withinCompare) { $1 }
    static let advice = ComparisonTermsKeys.advice

    private static let withinCheck = Dictionary(
        uniqueKeysWithValues: ["compare", "ceiling", "query", "split", "minimumSamples"]
            .map { ($0, "in one of the 'checks'") }
    )
    private static let withinCompare = Dictionary(
        uniqueKeysWithValues: ["tolerate", "harmBudget", "objective", "slowerThan"]
            .map { ($0, "within 'compare' of a check") }
    )
}

extension Value {
    /// A whole policy, whose relative paths begin at `folder`; nil when something was found that leaves none.
    func policy(in folder: String) -> Policy? {
        guard let fields = Fields(self, keys: PolicyKey.self) else { return nil }
        let flag = fields.required(.flag) { $0.flagName() }
        let variants = fields.optional(.variants, default: .onAndOff) { $0.variants() }
        let algorithm = fields.optional(.algorithm, default: .flagdV2) { $0.algorithm() }
        let salt: String? = fields.optional(.salt) { $0.salt(for: algorithm) }
        let store = fields.required(.state) { $0.storeLocation(in: folder) }

        let interval = fields.optional(.interval, default: .minutes(1)) { $0.span(atLeast: .seconds(1)) }
        let stopsShort = fields.optional(.stopsShort, default: false) { $0.flag() }
        let steps = fields.required(.steps) {
            $0.steps(interval: interval, stopsShort: stopsShort, by: algorithm)
        }
        let shortestBake = steps?.map(\.bake).min()

        let metrics = fields.required(.metrics) { $0.metricsLocation(in: folder, interval: interval) }
        let source: CheckedSource = fields[.metrics]?.isScraping == true ? .pages : .server
        let checks = fields.required(.checks) { $0.checks(on: source, shortestBake: shortestBake) }
        if let variants { fields[.checks]?.refuseNames(of: variants) }
        let comparisons = comparisonTerms(fields, of: checks, steps: steps, by: algorithm)
        if let checks, checks.contains(where: { $0.comparison != nil }) {
            fields[.checks]?.warnOfSameComparisons(checks)
            if let steps, let interval { fields[.steps]?.warnOfShortBakes(steps, interval: interval) }
        }
        let deadlines = fields.optional(.deadlines, default: Deadlines()) { $0.deadlines(interval: interval) }
        let targets = fields.required(.publish) {
            $0.targets(in: folder, besides: store, publishing: algorithm)
        }

        guard
            !findings.hasErrors, let flag, let variants, let algorithm, let store, let interval, let steps,
            let metrics, let checks, let deadlines, let targets
        else { return nil }
        return Policy(
            flag: flag,
            variants: variants,
            salt: salt,
            algorithm: algorithm,
            store: store,
            interval: interval,
            steps: steps,
            metrics: metrics,
            checks: checks,
            comparisons: comparisons,
            deadlines: deadlines,
            targets: targets
        )
    }

    private func algorithm() -> HashAlgorithm? {
        guard let text = text("'flagd-v2'") else { return nil }
        guard let algorithm = HashAlgorithm(rawValue: text) else {
            let known = HashAlgorithm.allCases.map { "'\($0.rawValue)'" }.joined(separator: " or ")
            return fail(
                "not-supported",
                "the algorithm '\(text)' is not supported by this version",
                hint: "write \(known)"
            )
        }
        return algorithm
    }
}
