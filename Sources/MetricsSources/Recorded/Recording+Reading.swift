import FoundationEssentials
import Rollout

extension Recording {
    /// Reads a file of OpenMetrics or of Prometheus text with timestamps.
    ///
    /// - Throws: ``RecordingError`` with the line when the file cannot be read or understood, or holds no sample.
    package static func read(path: String) throws(RecordingError) -> Recording {
        let data: Data
        do {
            data = try Data(contentsOf: URL(filePath: path))
        } catch {
            throw RecordingError(path: path, line: nil, message: "the recording cannot be opened")
        }
        do throws(ExpositionError) {
            return try Exposition.recording(Array(data))
        } catch {
            throw RecordingError(path: path, line: error.line, message: error.message)
        }
    }
}

/// What is wrong in which line.
struct ExpositionError: Error, Sendable, Equatable {
    var line: Int?
    var message: String
}

/// The text in which metrics are exposed, here with a timestamp on every sample.
enum Exposition {
    /// Reads a whole recording: OpenMetrics when it ends with its end mark, else Prometheus text.
    ///
    /// The two differ in the unit of timestamps: seconds in OpenMetrics, milliseconds in Prometheus text.
    static func recording(_ bytes: [UInt8]) throws(ExpositionError) -> Recording {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let endMark = Array("# EOF".utf8)
        let end = lines.firstIndex { $0.elementsEqual(endMark) }
        if let end, let extra = lines[(end + 1)...].firstIndex(where: { !$0.isEmpty }) {
            throw ExpositionError(line: extra + 1, message: "nothing may follow '# EOF'")
        }
        var series: [RecordedSeries] = []
        var places: [[String: String]: Int] = [:]
        for (index, line) in lines.enumerated() {
            guard let (labels, sample) = try parsed(line, number: index + 1, inSeconds: end != nil) else {
                continue
            }
            guard let place = places[labels] else {
                places[labels] = series.count
                series.append(RecordedSeries(labels: labels, samples: [sample]))
                continue
            }
            if let last = series[place].samples.last, last.at >= sample.at {
                throw ExpositionError(line: index + 1, message: "the samples of a series must rise in time")
            }
            series[place].samples.append(sample)
        }
        guard let recording = Recording(series) else {
            throw ExpositionError(line: nil, message: "the recording holds no sample")
        }
        return recording
    }

    /// One line; nil for blank lines and comments.
    private static func parsed(
        _ line: ArraySlice<UInt8>,
        number: Int,
        inSeconds: Bool
    ) throws(ExpositionError) -> (labels: [String: String], sample: Sample)? {
        var scanner = TextScanner(line)
        scanner.skipBlanks()
        guard let first = scanner.next, first != UInt8(ascii: "#") else { return nil }
        guard let name = scanner.takeName() else {
            throw ExpositionError(line: number, message: "expected the name of a metric")
        }
        var labels = ["__name__": name]
        scanner.skipBlanks()
        if scanner.take("{") {
            guard scanLabels(&scanner, into: &labels) else {
                throw ExpositionError(line: number, message: "expected labels such as {name=\"value\"}")
            }
        }
        scanner.skipBlanks()
        guard let word = scanner.takeWord(), let value = SampleText.value(word) else {
            throw ExpositionError(line: number, message: "expected a number as the sample's value")
        }
        scanner.skipBlanks()
        guard let stamp = scanner.takeWord(), let moment = moment(stamp, inSeconds: inSeconds) else {
            let unit = inSeconds ? "seconds" : "milliseconds"
            throw ExpositionError(
                line: number,
                message: "every sample of a recording needs a timestamp in \(unit)"
            )
        }
        scanner.skipBlanks()
        // OpenMetrics allows an exemplar here.
        guard scanner.isAtEnd || (inSeconds && scanner.take("#")) else {
            throw ExpositionError(line: number, message: "nothing may follow the timestamp")
        }
        return (labels, Sample(at: moment, value: value))
    }

    private static func scanLabels(_ scanner: inout TextScanner, into labels: inout [String: String]) -> Bool
    {
        while true {
            scanner.skipBlanks()
            if scanner.take("}") { return true }
            guard let label = scanner.takeName(), labels[label] == nil else { return false }
            scanner.skipBlanks()
            guard scanner.take("=") else { return false }
            scanner.skipBlanks()
            guard let value = scanner.takeQuoted("\"") else { return false }
            labels[label] = value
            scanner.skipBlanks()
            guard scanner.take(",") || scanner.next == UInt8(ascii: "}") else { return false }
        }
    }

    private static func moment(_ text: String, inSeconds: Bool) -> Timestamp? {
        guard let number = SampleText.value(text), number.isFinite else { return nil }
        return Timestamp(serverSeconds: inSeconds ? number : number / 1_000)
    }
}
