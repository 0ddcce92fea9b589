/// What the page says about one metric beside its values.
package struct MetricDescription: Sendable, Hashable {
    /// The metric's name as it is exported, such as `http_requests_total`.
    package var name: String
    /// One sentence for the `# HELP` line.
    package var help: String
    /// Upper bounds of a histogram's buckets, in seconds for a timer; nil for the usual latencies.
    ///
    /// Order and repetitions do not matter; bounds that are not finite are left out, as `+Inf` is always there.
    package var buckets: [Double]?

    package init(name: String, help: String, buckets: [Double]? = nil) {
        self.name = name
        self.help = help
        self.buckets = buckets
    }
}
