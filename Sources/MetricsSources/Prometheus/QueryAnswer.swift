import FoundationEssentials
import Rollout

/// A successful answer of the query API, read strictly.
struct QueryAnswer: Sendable, Equatable {
    var result: QueryResult
    /// Not empty: the answer rests on part of the data.
    var warnings: [String]
    /// For people to know, no reason for doubt.
    var infos: [String]
}

enum QueryResult: Sendable, Equatable {
    /// One value each, at the moment asked about.
    case vector([VectorElement])
    /// All samples of a range each.
    case matrix([MatrixSeries])
    /// A number without series.
    case scalar(Double)
    /// A text; no number at all.
    case string
}

struct VectorElement: Sendable, Equatable {
    var labels: Labels
    /// Nil where the series holds native histograms.
    var value: Double?
}

struct MatrixSeries: Sendable, Equatable {
    var labels: Labels
    var samples: [Sample]
    var hasHistograms: Bool
}

// MARK: - The wire form

/// What is in every answer of the query API, good or bad; unknown keys are other products' additions.
struct Envelope: Decodable {
    var status: String
    var errorType: String?
    var error: String?
    var warnings: [String]?
    var infos: [String]?
    /// VictoriaMetrics cluster: some of the storage did not answer.
    var isPartial: Bool?
    var data: Payload?

    struct Payload: Decodable {
        var result: QueryResult

        private enum Keys: CodingKey { case resultType, result }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Keys.self)
            switch try container.decode(String.self, forKey: .resultType) {
            case "vector": result = .vector(try container.decode([VectorElement].self, forKey: .result))
            case "matrix": result = .matrix(try container.decode([MatrixSeries].self, forKey: .result))
            case "scalar":
                result = .scalar(try container.decode(WireSample.self, forKey: .result).sample.value)
            case "string": result = .string
            case let other:
                let words = "result type '\(other)' is not known"
                throw DecodingError.dataCorruptedError(
                    forKey: .resultType,
                    in: container,
                    debugDescription: words
                )
            }
        }
    }

    /// The answer inside; an answer from part of the data has at least one warning.
    var answer: QueryAnswer? {
        guard status == "success", let data else { return nil }
        var warnings = warnings ?? []
        if isPartial == true { warnings.append("the answer is partial: some of the storage did not answer") }
        return QueryAnswer(result: data.result, warnings: warnings, infos: infos ?? [])
    }
}

/// A moment and a value: `[1767225600.123, "42"]`.
private struct WireSample: Decodable {
    var sample: Sample

    init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        let seconds = try container.decode(Double.self)
        let text = try container.decode(String.self)
        guard let moment = Timestamp(serverSeconds: seconds) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "'\(seconds)' is no time")
        }
        guard let value = SampleText.value(text), container.isAtEnd else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "'\(text)' is no sample value"
            )
        }
        sample = Sample(at: moment, value: value)
    }
}

extension VectorElement: Decodable {
    private enum Keys: CodingKey { case metric, value, histogram }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Keys.self)
        labels = try container.decode(Labels.self, forKey: .metric)
        if container.contains(.histogram), !container.contains(.value) {
            value = nil
        } else {
            value = try container.decode(WireSample.self, forKey: .value).sample.value
        }
    }
}

extension MatrixSeries: Decodable {
    private enum Keys: CodingKey { case metric, values, histograms }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Keys.self)
        labels = try container.decode(Labels.self, forKey: .metric)
        samples = try (container.decodeIfPresent([WireSample].self, forKey: .values) ?? []).map(\.sample)
        hasHistograms = container.contains(.histograms)
        for (earlier, later) in zip(samples, samples.dropFirst()) where earlier.at >= later.at {
            let words = "the samples of a series are not in the order of time"
            throw DecodingError.dataCorruptedError(forKey: .values, in: container, debugDescription: words)
        }
    }
}
