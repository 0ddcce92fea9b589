import Assignment
import Rollout

/// One field of a policy in the words of its file.
struct PolicyFact: Equatable {
    /// What the fact is about: empty for the policy itself, `steps[1]`, `check 'errors'`, `target file:/…`.
    var subject: String
    /// `percentage`; with the subject it names the field.
    var field: String
    var value: String

    /// `steps[1].percentage`, `check 'errors' max`.
    var name: String {
        switch subject {
        case "": field
        case let subject where subject.hasSuffix("]"): "\(subject).\(field)"
        default: "\(subject) \(field)"
        }
    }
}

extension Policy {
    /// Every field in the order of the file, those left to their defaults too.
    var facts: [PolicyFact] {
        let own: [(String, String)] = [
            ("flag", flag),
            ("variants.treatment", variants.treatment),
            ("variants.control", variants.control),
            ("salt", salt),
            ("algorithm", algorithm.rawValue),
            ("state", store.words),
            ("interval", "\(interval)"),
        ]
        let stepFacts = steps.enumerated().flatMap { index, step in
            [("percentage", "\(step.percentage)"), ("bake", "\(step.bake)")].about("steps[\(index)]")
        }
        let checkFacts = checks.flatMap { $0.facts.about("check '\($0.name)'") }
        let targetFacts = targets.flatMap { $0.facts.about("target \($0.identity)") }
        return own.about("") + stepFacts + comparisonFacts.about("") + metrics.facts.about("") + checkFacts
            + deadlines.facts.about("") + targetFacts
    }

    /// What all comparisons share; the holdback only where somebody is held back, for it cannot be written elsewhere.
    private var comparisonFacts: [(String, String)] {
        guard let comparisons else { return [] }
        let falseAlarms = ("falseAlarms", QueryUnit.ratio.words(comparisons.falseAlarms))
        let hasControl = comparisonChecks.contains(where: \.comparison.hasControl)
        guard hasControl, finalExposure == .hundred else { return [falseAlarms] }
        return [falseAlarms, ("holdback", "\(comparisons.holdback)")]
    }
}

extension [(String, String)] {
    fileprivate func about(_ subject: String) -> [PolicyFact] {
        // One line a fact, also where an expression has several.
        map { field, value in
            let line = value.split(whereSeparator: \.isNewline).joined(separator: "\\n")
            return PolicyFact(subject: subject, field: field, value: line)
        }
    }
}

extension StoreLocation {
    fileprivate var words: String {
        switch self {
        case .sqlite(let path): "sqlite \(path)"
        }
    }
}

extension Check {
    fileprivate var facts: [(String, String)] {
        switch rule {
        case .comparison(let comparison):
            comparison.measure.facts + comparison.limits + [
                ("minimumSamples", "\(comparison.minimumSamples)")
            ]
        case .ceiling(let ceiling):
            [
                ("ceiling", QueryUnit.ratio.words(ceiling.limit)),
                ("failures", ceiling.failures),
                ("exposures", ceiling.exposures),
                ("minimumSamples", "\(ceiling.minimumSamples)"),
            ]
        case .query(let query):
            [
                ("query", query.expression),
                (query.bound.key, query.unit.words(query.bound.limit)),
                ("consecutive", "\(query.consecutive)"),
            ]
        case .split(let split):
            split.measure.facts + [
                ("minimumSamples", "\(split.minimumSamples)"),
                ("tolerance", QueryUnit.ratio.words(split.tolerance)),
            ]
        }
    }
}

extension Comparison {
    /// What may still be promoted: an objective, or what is tolerated beside the control.
    fileprivate var limits: [(String, String)] {
        if let objective { return [("objective", QueryUnit.ratio.words(objective))] }
        return [
            ("tolerate", "\(tolerate.withoutNeedlessFraction)x"),
            ("harmBudget", "\(harmBudget.withoutNeedlessFraction) per minute"),
        ]
    }
}

extension ComparisonMeasure {
    fileprivate var facts: [(String, String)] {
        switch self {
        case .failures(let selector, let exposures): [("failures", selector), ("exposures", exposures)]
        case .slow(let histogram, let bound): [("durations", histogram), ("slowerThan", "\(bound)")]
        }
    }
}

extension SplitMeasure {
    fileprivate var facts: [(String, String)] {
        switch self {
        case .clients(let selector): [("clients", selector)]
        case .exposures(let selector, let every): [("exposures", selector), ("every", "\(every)")]
        case .firstExposures(let selector): [("exposures", selector), ("every", "once")]
        }
    }
}

extension Bound {
    fileprivate var key: String {
        switch self {
        case .max: "max"
        case .min: "min"
        }
    }
}

extension QueryUnit {
    /// A number in base units, as a person would write it.
    fileprivate func words(_ number: Double) -> String {
        switch self {
        case .none: "\(number)"
        case .seconds: "\(number) s"
        case .ratio: "\(number.inPercent) %"
        }
    }
}

extension Double {
    /// A ratio in percent, without the digits that multiplying makes up: 0.07 * 100 is 7.000000000000001.
    fileprivate var inPercent: String {
        let rounded = (self * 100 * 1e9).rounded() / 1e9
        let percent = Double("\(rounded)e-2") == self ? rounded : self * 100
        return percent.withoutNeedlessFraction
    }

    /// Every digit it has, but `2` for 2.0.
    fileprivate var withoutNeedlessFraction: String {
        self == rounded() && magnitude < 1e15 ? "\(Int64(self))" : "\(self)"
    }
}

extension Deadlines {
    fileprivate var facts: [(String, String)] {
        [
            ("deadlines.blind", blind.words),
            ("deadlines.undecided", undecided.words),
            ("deadlines.tooFewSamples", tooFewSamples.words),
            ("deadlines.noTraffic", noTraffic.words),
        ]
    }
}

extension Deadline {
    fileprivate var words: String { "\(action.rawValue) after \(after)" }
}

extension TargetLocation {
    fileprivate var facts: [(String, String)] {
        switch self {
        case .file(_, let format, let settle): [("format", format.rawValue), ("settle", "\(settle)")]
        }
    }
}
