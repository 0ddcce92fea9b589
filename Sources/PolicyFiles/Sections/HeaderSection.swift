import Rollout

/// The keys of a header.
enum HeaderKey: String, SectionKey {
    case name, value, valueFile

    static let section = "a header"
    static let synonyms: [String: HeaderKey] = ["file": .valueFile, "key": .name]
}

extension Value {
    func headers(in folder: String) -> [HeaderSetting]? {
        guard let items = items("header") else { return nil }
        var seen: Set<String> = []
        return items.compactMap { item in
            guard let header = item.header(in: folder) else { return nil }
            guard seen.insert(header.name.lowercased()).inserted else {
                return item.fail("duplicate-name", "the header '\(header.name)' is set twice")
            }
            return header
        }
    }

    private func header(in folder: String) -> HeaderSetting? {
        guard let fields = Fields(self, keys: HeaderKey.self) else { return nil }
        let name = fields.required(.name) { $0.headerName() }
        guard let given = fields.exactlyOne(of: .value, .valueFile) else { return nil }
        if given.key == .value, let name, Self.isSecret(header: name) {
            let hint = "put it into a file and write 'valueFile'"
            return given.value.fail(
                "secret-in-plain-text",
                "the header '\(name)' would keep a secret in plain text",
                hint: hint
            )
        }
        let value: HeaderValue? =
            given.key == .value
            ? given.value.line("the header's value").map { .text($0) }
            : given.value.filePath(in: folder).map { .file(path: $0) }
        guard let name, let value else { return nil }
        return HeaderSetting(name: name, value: value)
    }

    private func headerName() -> String? {
        guard let name = text("a header's name") else { return nil }
        guard
            name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "!#$%&'*+-.^_`|~".contains($0)) })
        else {
            return fail("bad-name", "'\(name)' cannot be the name of a header")
        }
        let reserved = [
            "host", "content-length", "content-type", "transfer-encoding", "connection", "accept-encoding",
        ]
        guard !reserved.contains(name.lowercased()) else {
            return fail("bad-name", "the header '\(name)' is set by the program itself")
        }
        return name
    }

    /// Whether a header carries a secret, by its name.
    private static func isSecret(header name: String) -> Bool {
        let lower = name.lowercased()
        return ["auth", "token", "secret", "password", "cookie", "api-key", "apikey", "credential"]
            .contains { lower.contains($0) }
    }
}
