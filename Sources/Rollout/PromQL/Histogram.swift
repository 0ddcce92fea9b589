/// The counters a classic histogram is made of.
struct Histogram {
    /// A plain selector of the histogram's base name.
    private let metric: String
    private let matchers: [String]

    init(_ selector: String) {
        let plain = PromQL.plainSelector(selector)
        metric = plain?.metric ?? ""
        matchers = (plain?.matchers ?? []).map(\.text)
    }

    /// Selects how many observations there were.
    var count: String { selector(suffix: "_count", matchers) }

    /// Selects how many of them were at most `bound`.
    ///
    /// A bound of whole seconds is written `1` by some libraries and `1.0` by others.
    func bucket(of bound: Span) -> String {
        let text = NumberText.decimal(bound.seconds, places: 3)
        let label = text.contains(".") ? "le=\"\(text)\"" : "le=~\"\(text)|\(text)\\\\.0\""
        return selector(suffix: "_bucket", matchers + [label])
    }

    private func selector(suffix: String, _ matchers: [String]) -> String {
        matchers.isEmpty ? metric + suffix : "\(metric)\(suffix){\(matchers.joined(separator: ","))}"
    }
}

extension PromQLSelector.Matcher {
    /// As PromQL: `variant="sse"`.
    fileprivate var text: String {
        let escaped = value.flatMap { character -> String in
            switch character {
            case "\\": "\\\\"
            case "\"": "\\\""
            case "\n": "\\n"
            case "\t": "\\t"
            case "\r": "\\r"
            default: String(character)
            }
        }
        return "\(label)\(comparison)\"\(String(escaped))\""
    }
}
