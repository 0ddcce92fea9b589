import Rollout

/// One sample as a line of exposition text has it.
struct ExpositionLine: Sendable, Equatable {
    var labels: Labels
    var value: Double
    /// Nil where the line has no timestamp.
    var at: Timestamp?
}

extension ExpositionLine {
    /// Reads one line; nil for blank lines and comments.
    init?(_ line: ArraySlice<UInt8>, number: Int, in format: Exposition.Format) throws(ExpositionError) {
        var scanner = TextScanner(line)
        scanner.skipBlanks()
        guard let first = scanner.next, first != UInt8(ascii: "#") else { return nil }
        func failure(_ message: String) -> ExpositionError { ExpositionError(line: number, message: message) }

        labels = [:]
        labels["__name__"] = scanner.takeName()
        scanner.skipBlanks()
        if scanner.take("{") {
            guard Self.scanLabels(&scanner, into: &labels) else {
                throw failure("expected labels such as {name=\"value\"}")
            }
        }
        guard labels["__name__"] != nil else { throw failure("expected the name of a metric") }
        scanner.skipBlanks()
        guard let word = scanner.takeWord(), let value = SampleText.value(word) else {
            throw failure("expected a number as the sample's value")
        }
        self.value = value
        scanner.skipBlanks()
        if !scanner.isAtEnd, scanner.next != UInt8(ascii: "#") {
            guard let stamp = scanner.takeWord(), let moment = Self.moment(stamp, in: format) else {
                throw failure("expected a timestamp in \(format.unit)")
            }
            at = moment
            scanner.skipBlanks()
        }
        // OpenMetrics allows an exemplar here.
        guard scanner.isAtEnd || (format == .openMetrics && scanner.take("#")) else {
            throw failure("nothing may follow the \(at == nil ? "value" : "timestamp")")
        }
    }

    private static func scanLabels(_ scanner: inout TextScanner, into labels: inout Labels) -> Bool {
        while true {
            scanner.skipBlanks()
            if scanner.take("}") { return true }
            let isQuoted = scanner.next == UInt8(ascii: "\"")
            guard let label = isQuoted ? scanner.takeLabelValue() : scanner.takeName() else { return false }
            scanner.skipBlanks()
            if scanner.take("=") {
                scanner.skipBlanks()
                guard labels[label] == nil, let value = scanner.takeLabelValue() else { return false }
                labels[label] = value
            } else {
                // A name that needs quotes stands among the labels.
                guard isQuoted, labels["__name__"] == nil else { return false }
                labels["__name__"] = label
            }
            scanner.skipBlanks()
            guard scanner.take(",") || scanner.next == UInt8(ascii: "}") else { return false }
        }
    }

    private static func moment(_ text: String, in format: Exposition.Format) -> Timestamp? {
        guard let number = SampleText.value(text), number.isFinite else { return nil }
        return Timestamp(serverSeconds: format == .openMetrics ? number : number / 1_000)
    }
}
