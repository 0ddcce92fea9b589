import Rollout

/// What one page showed: every sample on it, and what its families are said to be.
struct Page: Sendable, Equatable {
    /// In the order of the page; no two with the same labels.
    var samples: [ExpositionLine] = []
    /// The word after `# TYPE`, by the family's name.
    var types: [String: String] = [:]

    /// When the process behind the page began, in seconds since 1970; nil where the page does not say, or says it
    /// of several.
    var processStart: Double? {
        let starts = samples.filter { $0.labels["__name__"] == "process_start_time_seconds" }
        guard starts.count == 1, let start = starts.first?.value, start.isFinite else { return nil }
        return start
    }
}

extension Page {
    /// Reads a whole page, strictly: a line that cannot be understood makes all of it suspect.
    ///
    /// - Throws: ``ExpositionError`` for a line that is no sample, a series shown twice, and a page that was cut:
    ///   OpenMetrics ends with `# EOF`, Prometheus text with a line break.
    init(_ bytes: [UInt8], in format: Exposition.Format) throws(ExpositionError) {
        let lines = Exposition.lines(of: bytes)
        switch format {
        case .openMetrics:
            guard try Exposition.end(of: lines) != nil else {
                throw ExpositionError(line: nil, message: "the page is cut off: it does not end with '# EOF'")
            }
        case .text:
            guard lines.last?.isEmpty ?? true else {
                throw ExpositionError(
                    line: nil,
                    message: "the page is cut off: it does not end with a line break"
                )
            }
        }
        var seen: Set<Labels> = []
        for (index, line) in lines.enumerated() {
            guard let sample = try ExpositionLine(line, number: index + 1, in: format) else {
                readType(line)
                continue
            }
            guard seen.insert(sample.labels).inserted else {
                let message = "\(sample.labels.identity) is shown twice"
                throw ExpositionError(line: index + 1, message: message)
            }
            samples.append(sample)
        }
    }

    /// Keeps what a `# TYPE name word` says; other comments mean nothing here.
    private mutating func readType(_ line: ArraySlice<UInt8>) {
        var scanner = TextScanner(line)
        scanner.skipBlanks()
        guard scanner.take("#") else { return }
        scanner.skipBlanks()
        guard scanner.takeWord() == "TYPE" else { return }
        scanner.skipBlanks()
        guard let name = scanner.takeLabelValue() ?? scanner.takeName() else { return }
        scanner.skipBlanks()
        types[name] = scanner.takeWord()
    }
}

extension Page {
    /// Why the events behind a series cannot be counted, by the type of its family; nil where they can.
    ///
    /// A family without a type, or one that the page does not know, counts as what its values make of it.
    func objection(toCounting name: String) -> String? {
        switch types[name] {
        case "gauge", "info", "stateset", "gaugehistogram":
            return "\(name) is a \(types[name] ?? ""), not a counter"
        case "histogram", "summary":
            return "\(name) is a \(types[name] ?? ""), not a counter; count '\(name)_count'"
        case nil:
            break
        default:
            return nil
        }
        for (suffix, kinds) in Self.uncountableParts where name.hasSuffix(suffix) {
            guard let type = types[String(name.dropLast(suffix.count))], kinds.contains(type) else {
                continue
            }
            return "\(name) is a part of a \(type), not a counter"
        }
        return nil
    }

    /// Ends of names that OpenMetrics adds to a family's own, and the types for which they are no counters.
    private static let uncountableParts: [(suffix: String, types: Set<String>)] = [
        ("_created", ["counter", "histogram", "summary"]),
        ("_gcount", ["gaugehistogram"]),
        ("_gsum", ["gaugehistogram"]),
        ("_bucket", ["gaugehistogram"]),
        ("_info", ["info"]),
    ]
}
