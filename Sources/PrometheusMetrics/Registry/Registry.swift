/// The series there are, by name and labels.
struct Registry: Sendable {
    private var families: [String: Family] = [:]
    /// Whose each name of a sample is: a histogram has `_bucket`, `_sum` and `_count` beside its own.
    private var owners: [String: String] = [:]
    private let descriptions: [String: MetricDescription]

    private static let refusals = MetricDescription(
        name: "metrics_refused_total",
        help: "Metrics asked for but not exported: their name belongs to a metric of another type."
    )

    /// An empty registry.
    ///
    /// - Parameters:
    ///   - descriptions: Help and buckets.
    ///   - reserved: Names that are exported from elsewhere and so refused here.
    init(descriptions: [MetricDescription], reserving reserved: [String]) {
        let named = (descriptions + [Self.refusals]).map { (LegalName.metric($0.name), $0) }
        self.descriptions = Dictionary(named, uniquingKeysWith: { $1 })
        for name in reserved { owners[name] = name }
    }

    /// The series of this identity, made now unless it is there already.
    ///
    /// - Returns: A series nobody will see where the name is another's.
    mutating func series<S: Series>(
        _ identity: SeriesIdentity,
        making make: (MetricDescription?) -> S
    ) -> S {
        let name = identity.name
        if let known = families[name]?.series[identity.labels] as? S { return known }
        let made = make(descriptions[name])
        guard claim(name, for: S.type) else {
            countRefusal(of: identity, as: S.type)
            return made
        }
        families[name, default: Family(type: S.type)].series[identity.labels] = made
        return made
    }

    /// Takes a series off the page; a later one of the same identity is left alone.
    mutating func remove(_ series: any Series) {
        let name = series.identity.name
        guard families[name]?.series[series.identity.labels] === series else { return }
        families[name]?.series[series.identity.labels] = nil
        guard let family = families[name], family.series.isEmpty else { return }
        families[name] = nil
        for sample in family.type.sampleNames(of: name) { owners[sample] = nil }
    }

    /// Everything there is, in no order of names; the series of a family sorted by labels.
    func exported() -> [ExportedFamily] {
        families.map { name, family in
            ExportedFamily(
                name: name,
                help: descriptions[name]?.help ?? "",
                type: family.type,
                series: family.series.sorted { $0.key < $1.key }.map(\.value)
            )
        }
    }

    /// Takes the names of a metric's samples, unless one is another's.
    private mutating func claim(_ name: String, for type: MetricType) -> Bool {
        if let family = families[name] { return family.type == type }
        let names = type.sampleNames(of: name)
        guard names.allSatisfy({ owners[$0] == nil }) else { return false }
        for sample in names { owners[sample] = name }
        return true
    }

    private mutating func countRefusal(of refused: SeriesIdentity, as type: MetricType) {
        // Were the counter's own name taken by somebody, counting would only refuse again.
        guard refused.name != Self.refusals.name else { return }
        let identity = SeriesIdentity(
            label: Self.refusals.name,
            dimensions: [("name", refused.name), ("type", type.rawValue)],
            of: .counter
        )
        series(identity) { _ in CounterSeries(identity) }.increment(by: Int64(1))
    }
}

/// All series of one name.
private struct Family {
    let type: MetricType
    var series: [LabelSet: any Series] = [:]
}

/// One metric as the page shows it.
struct ExportedFamily: Sendable {
    var name: String
    /// Empty where nothing is said about it.
    var help: String
    var type: MetricType
    var series: [any Series]
}
