/// The kinds of metrics of the text format that this backend writes.
enum MetricType: String, Sendable {
    case counter, gauge, histogram

    /// The names that the samples of such a metric have.
    func sampleNames(of name: String) -> [String] {
        switch self {
        case .counter, .gauge: [name]
        case .histogram: [name, name + "_bucket", name + "_sum", name + "_count"]
        }
    }
}

/// What tells one series from all others on a page.
struct SeriesIdentity: Hashable, Sendable {
    let name: String
    let labels: LabelSet

    init(label: String, dimensions: [(String, String)], of type: MetricType) {
        name = LegalName.metric(label)
        labels = LabelSet(dimensions, of: type)
    }
}

/// One line of the page, or a histogram's few, that many threads write to.
protocol Series: AnyObject, Sendable {
    static var type: MetricType { get }

    var identity: SeriesIdentity { get }

    /// Writes the values of this moment.
    func write(to page: inout TextPage)
}
