/// Text that somebody else's server wrote, made fit for a message: on one line, short, without our secrets.
struct ForeignText: Sendable, Equatable {
    /// A server may repeat what it was sent; these are never shown.
    var secrets: [String] = []

    /// The beginning of a body; at most `limit` bytes are shown.
    func quoted(_ body: [UInt8], limit: Int = 200) -> String {
        // Secrets are taken out of more than is shown, so that no part of one is left at the end.
        quoted(String(decoding: body.prefix(limit + 8_192), as: UTF8.self), limit: limit)
    }

    /// The beginning of a text; at most `limit` bytes are shown.
    func quoted(_ text: String, limit: Int = 200) -> String {
        let clean = Self.cleaned(secrets.reduce(text) { $0.replacing($1, with: "***") })
        guard clean.utf8.count > limit else { return clean }
        var shown = ""
        for character in clean {
            guard shown.utf8.count + character.utf8.count <= limit else { break }
            shown.append(character)
        }
        return shown + "…"
    }

    /// Runs of white space become one blank; control and direction-changing characters go.
    private static func cleaned(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var pendingBlank = false
        for scalar in text.unicodeScalars {
            if scalar.properties.isWhitespace {
                pendingBlank = !result.isEmpty
            } else if ![.control, .format].contains(scalar.properties.generalCategory) {
                if pendingBlank { result.append(" ") }
                pendingBlank = false
                result.append(scalar)
            }
        }
        return String(result)
    }
}
