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
        let terms = comparisons?.facts.about("") ?? []
        return own.about("") + stepFacts + metrics.facts.about("") + terms + checkFacts
            + deadlines.facts.about("")
            + targetFacts
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

extension MetricsLocation {
    fileprivate var facts: [(String, String)] {
        switch self {
        case .prometheus(let location): location.facts.map { ("metrics.prometheus.\($0)", $1) }
        case .scrape(let location): location.facts.map { ("metrics.scrape.\($0)", $1) }
        }
    }
}

extension ScrapeLocation {
    fileprivate var facts: [(String, String)] {
        [
            ("pages", pages.joined(separator: ", ")),
            ("timeout", "\(timeout)"),
            ("credentials", credentials?.words ?? "none"),
            ("headers", headers.isEmpty ? "none" : headers.map(\.words).joined(separator: ", ")),
            ("caFile", tls.caFile ?? "none"),
            ("certificateFile", tls.certificateFile ?? "none"),
            ("keyFile", tls.keyFile ?? "none"),
        ]
    }
}

extension PrometheusLocation {
    fileprivate var facts: [(String, String)] {
        [
            ("url", url),
            ("lag", "\(lag)"),
            ("staleAfter", "\(staleAfter)"),
            ("timeout", "\(timeout)"),
            ("seriesLimit", "\(seriesLimit)"),
            ("credentials", credentials?.words ?? "none"),
            ("headers", headers.isEmpty ? "none" : headers.map(\.words).joined(separator: ", ")),
            ("caFile", tls.caFile ?? "none"),
            ("certificateFile", tls.certificateFile ?? "none"),
            ("keyFile", tls.keyFile ?? "none"),
        ]
    }
}

extension Credentials {
    fileprivate var words: String {
        switch self {
        case .basic(let user, let password): "user '\(user)' with a password from \(password.words)"
        case .bearer(let token): "a token from \(token.words)"
        }
    }
}

extension SecretPlace {
    fileprivate var words: String {
        switch self {
        case .file(let path): path
        case .environment(let name): "the variable \(name)"
        }
    }
}

extension HeaderSetting {
    fileprivate var words: String {
        switch value {
        case .text(let text): "\(name): '\(text)'"
        case .file(let path): "\(name) from \(path)"
        }
    }
}

extension ComparisonTerms {
    fileprivate var facts: [(String, String)] {
        [("falseAlarms", QueryUnit.ratio.words(falseAlarms)), ("holdback", "\(holdback)")]
    }
}

extension Check {
    fileprivate var facts: [(String, String)] {
        switch rule {
        case .comparison(let comparison):
            comparison.measure.facts + [
                ("objective", comparison.objective.map(QueryUnit.ratio.words) ?? "the control"),
                ("tolerate", "\(comparison.tolerate)x"),
                ("harmBudget", "\(comparison.harmBudget) per minute"),
                ("minimumSamples", "\(comparison.minimumSamples)"),
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
        return percent == percent.rounded() && percent.magnitude < 1e15 ? "\(Int64(percent))" : "\(percent)"
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
