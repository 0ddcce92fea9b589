/// The text in which metrics are exposed, on a service's page as in a recording.
enum Exposition {
    /// The two forms of the text, which differ in the unit of timestamps and in what may follow a sample.
    enum Format: Sendable, Equatable {
        /// Prometheus text, version 0.0.4.
        case text
        case openMetrics

        /// What a timestamp is written in.
        var unit: String {
            switch self {
            case .text: "milliseconds"
            case .openMetrics: "seconds"
            }
        }
    }

    static func lines(of bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    }

    /// Where the end mark of OpenMetrics stands; nil where there is none.
    static func end(of lines: [ArraySlice<UInt8>]) throws(ExpositionError) -> Int? {
        let endMark = Array("# EOF".utf8)
        guard let end = lines.firstIndex(where: { $0.elementsEqual(endMark) }) else { return nil }
        if let extra = lines[(end + 1)...].firstIndex(where: { !$0.isEmpty }) {
            throw ExpositionError(line: extra + 1, message: "nothing may follow '# EOF'")
        }
        return end
    }
}

/// What is wrong in which line.
struct ExpositionError: Error, Sendable, Equatable {
    /// Counted from 1; nil when it is about the text as a whole.
    var line: Int?
    var message: String
}
