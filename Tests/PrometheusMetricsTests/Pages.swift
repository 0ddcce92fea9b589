import PrometheusMetrics

extension PrometheusMetrics {
    var text: String { String(decoding: page(), as: UTF8.self) }

    /// The page without what is said about the process.
    var ownLines: String {
        text.split(separator: "\n").filter { !$0.contains("process_") }.map { $0 + "\n" }.joined()
    }

    /// The value of one series, by its name and labels as they are written.
    func value(of series: String) -> Double? {
        text.split(separator: "\n").first { $0.hasPrefix(series + " ") }
            .flatMap { Double($0.dropFirst(series.count + 1)) }
    }
}
