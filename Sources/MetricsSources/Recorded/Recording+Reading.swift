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

extension Exposition {
    /// Reads a whole recording: OpenMetrics when it ends with its end mark, else Prometheus text.
    ///
    /// Every sample needs a timestamp.
    static func recording(_ bytes: [UInt8]) throws(ExpositionError) -> Recording {
        let lines = Self.lines(of: bytes)
        let end = try Self.end(of: lines)
        let format: Format = end == nil ? .text : .openMetrics
        var series: [RecordedSeries] = []
        var places: [Labels: Int] = [:]
        for (index, line) in lines.enumerated() {
            guard let shown = try ExpositionLine(line, number: index + 1, in: format) else { continue }
            guard let moment = shown.at else {
                let message = "every sample of a recording needs a timestamp in \(format.unit)"
                throw ExpositionError(line: index + 1, message: message)
            }
            let sample = Sample(at: moment, value: shown.value)
            guard let place = places[shown.labels] else {
                places[shown.labels] = series.count
                series.append(RecordedSeries(labels: shown.labels, samples: [sample]))
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
}
