import Rollout

extension MetricsHistory {
    /// OpenMetrics: families together, timestamps in seconds, an end mark.
    package var openMetrics: String {
        var text = ""
        for family in families {
            text += "# TYPE \(family.name) \(family.isCounter ? "counter" : "gauge")\n"
            for series in family.members {
                for sample in series.samples {
                    let seconds = sample.at.millisecondsSinceEpoch / 1_000
                    let fraction = sample.at.millisecondsSinceEpoch % 1_000
                    let padded = String(String(1_000 + fraction).dropFirst())
                    text += "\(series.identity) \(Self.text(sample.value)) \(seconds).\(padded)\n"
                }
            }
        }
        return text + "# EOF\n"
    }

    /// The Prometheus text format: timestamps in milliseconds, no end mark.
    package var textFormat: String {
        var text = ""
        for series in series {
            for sample in series.samples {
                text += "\(series.identity) \(Self.text(sample.value)) \(sample.at.millisecondsSinceEpoch)\n"
            }
        }
        return text
    }

    private struct Family {
        var name: String
        var isCounter: Bool
        var members: [Series]
    }

    /// In the order of each family's first series; a counter that does not end in `_total` passes as a gauge.
    private var families: [Family] {
        var families: [Family] = []
        for series in series {
            let isCounter = series.isCounter && series.name.hasSuffix("_total")
            let name = isCounter ? String(series.name.dropLast("_total".count)) : series.name
            if let index = families.firstIndex(where: { $0.name == name }) {
                families[index].members.append(series)
            } else {
                families.append(Family(name: name, isCounter: isCounter, members: [series]))
            }
        }
        return families
    }

    private static func text(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        return "\(value)"
    }
}

extension MetricsHistory.Series {
    /// `name{label="value"}`, with the value's quotes, backslashes and newlines escaped.
    package var identity: String {
        guard !labels.isEmpty else { return name }
        let pairs = labels.map { label in
            let escaped = label.value
                .replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
            return "\(label.name)=\"\(escaped)\""
        }
        return "\(name){\(pairs.joined(separator: ","))}"
    }
}
