/// The labels of one series, written as a page shows them; the same for the same dimensions in any order.
struct LabelSet: Hashable, Comparable, Sendable {
    /// `name="value"` with commas between, sorted by name, without braces.
    ///
    /// Bytes, because equal strings may differ in theirs, and Prometheus compares those.
    let text: [UInt8]

    /// Makes labels of dimensions.
    ///
    /// Names are made legal (``LegalName``). An empty value is no label at all, as in Prometheus. Values whose names
    /// become the same are joined with `;`, as OpenTelemetry does it. A dimension `le` of a histogram becomes
    /// `exported_le`, since the buckets need the name.
    init(_ dimensions: [(String, String)], of type: MetricType) {
        let labels = dimensions.filter { !$0.1.isEmpty }
            .map { dimension in
                let name = LegalName.label(dimension.0)
                let isTaken = type == .histogram && name == "le"
                return (name: isTaken ? "exported_le" : name, original: dimension.0, value: dimension.1)
            }
            .sorted { ($0.name, $0.original, $0.value) < ($1.name, $1.original, $1.value) }
        var text: [UInt8] = []
        var previous: String?
        for label in labels {
            if label.name == previous {
                // Instead of the quotation mark that ended the value before.
                text[text.count - 1] = UInt8(ascii: ";")
            } else {
                if previous != nil { text.append(UInt8(ascii: ",")) }
                text += label.name.utf8
                text += "=\"".utf8
                previous = label.name
            }
            for byte in label.value.utf8 { text.append(byte, escapingQuotes: true) }
            text.append(UInt8(ascii: "\""))
        }
        self.text = text
    }

    static func < (one: LabelSet, other: LabelSet) -> Bool {
        one.text.lexicographicallyPrecedes(other.text)
    }
}
