import Rollout

/// What is on a metrics page: for each name of a sample, the values that each of its labels has.
struct MetricsPage {
    private var labels: [String: [String: Set<String>]] = [:]

    init(_ text: String) {
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            // A sample without its value reads like a selector.
            guard let end = line.lastIndex(of: " "),
                let sample = PromQL.plainSelector(String(line[..<end])), let name = sample.metric
            else { continue }
            labels[name, default: [:]].merge(
                sample.matchers.map { ($0.label, [$0.value]) },
                uniquingKeysWith: { $0.union($1) }
            )
        }
    }

    /// What of a selector is not there, in words; nil when all of it is.
    func lacks(_ text: String) -> String? {
        guard let selector = PromQL.plainSelector(text), let name = selector.metric else {
            return "\(text) names no metric"
        }
        guard let known = labels[name] else { return "there is no metric \(name)" }
        for matcher in selector.matchers where !Self.attached.contains(matcher.label) {
            guard let values = known[matcher.label] else { return "\(name) has no label '\(matcher.label)'" }
            guard values.contains(where: { Self.agrees($0, with: matcher) }) else {
                return "\(name) never has \(matcher.label)=\"\(matcher.value)\", but \(values.sorted())"
            }
        }
        return nil
    }

    /// Labels that Prometheus adds.
    private static let attached: Set<String> = ["job", "instance"]

    /// Whether a label's value is what a matcher names; a negation has to name something too.
    private static func agrees(_ value: String, with matcher: PromQLSelector.Matcher) -> Bool {
        guard matcher.comparison.hasSuffix("~") else { return value == matcher.value }
        guard let pattern = try? Regex(matcher.value) else { return false }
        return value.wholeMatch(of: pattern) != nil
    }
}
