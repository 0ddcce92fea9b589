@testable import PolicyFiles

/// The keys of every kind of mapping, as the readers declare them.
enum Sections {
    /// Sorted keys by the name that the schema gives the mapping; the policy itself is not among them.
    static let all: [String: [String]] = [
        "variants": words(VariantsKey.self),
        "state": words(StateKey.self),
        "step": words(StepKey.self),
        "metrics": words(MetricsKey.self),
        "prometheus": words(PrometheusKey.self),
        "scrape": words(ScrapeKey.self),
        "header": words(HeaderKey.self),
        "check": words(CheckKey.self),
        "compare": words(CompareKey.self),
        "split": words(SplitKey.self),
        "deadlines": words(DeadlinesKey.self),
        "deadline": words(DeadlineKey.self),
        "target": words(PublishKey.self),
        "file": words(FileKey.self),
    ]

    /// Every key there is, sorted.
    static let keys: [String] = Set(all.values.joined() + words(PolicyKey.self)).sorted()

    static func words<Key: SectionKey>(_ keys: Key.Type) -> [String] {
        keys.allCases.map(\.rawValue).sorted()
    }
}
