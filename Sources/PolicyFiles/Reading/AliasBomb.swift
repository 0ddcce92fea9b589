/// Keeps texts away from the YAML parser whose aliases of aliases would keep it busy for ever.
///
/// Any anchor is refused with its place later on. This only counts, before anything is expanded, what looks like
/// anchors and aliases: too few of them cannot multiply to much.
enum AliasBomb {
    private static let anchorLimit = 4
    private static let aliasLimit = 8

    static func isAbsent(from text: String, findings: Findings) -> Bool {
        var anchors = 0
        var aliases = 0
        var place = Place.top
        var firstAnchor: Place?
        var before: Unicode.Scalar = "\n"
        let scalars = Array(text.unicodeScalars)
        for (index, scalar) in scalars.enumerated() {
            let hasName = index + 1 < scalars.count && !scalars[index + 1].properties.isWhitespace
            if hasName, before.properties.isWhitespace || "[]{},:-?".unicodeScalars.contains(before) {
                if scalar == "&" {
                    anchors += 1
                    firstAnchor = firstAnchor ?? place
                }
                if scalar == "*" { aliases += 1 }
            }
            place = scalar == "\n" ? Place(line: place.line + 1, column: 1) : place.next
            before = scalar
        }
        guard let firstAnchor, anchors > anchorLimit || aliases > aliasLimit else { return true }
        let message = "anchors and aliases are not supported"
        findings.error("anchor", message, hint: "write the value out wherever it is used", at: firstAnchor)
        return false
    }
}
