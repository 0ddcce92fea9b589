import Rollout

/// The keys of a header.
enum HeaderKey: String, SectionKey {
    case name, value, valueFile

    static let section = "a header"
    static let synonyms: [String: HeaderKey] = ["file": .valueFile, "key": .name]
}

extension Value {
    /// The one way to be let in that a Prometheus mapping names; nil for none, and for what was found wrong.
    func credentials(_ fields: Fields<PrometheusKey>, in folder: String) -> Credentials? {
        let user = fields[.username]
        let password = fields.first(of: .passwordFile, .passwordEnv)
        let token = fields.first(of: .tokenFile, .tokenEnv)
        if let token, let other = user ?? password?.value {
            let first = min(token.value, other) { $0.place < $1.place }
            let message = "a token and a user with a password cannot both be sent"
            findings.error("conflicting-keys", message, hint: "keep one way of being let in", at: first.place)
            return nil
        }
        if token != nil {
            let place = fields.exactlyOne(of: .tokenFile, .tokenEnv)
            return place.flatMap { $0.value.secretPlace(isFile: $0.key == .tokenFile, in: folder) }
                .map { .bearer(token: $0) }
        }
        if user == nil, password == nil { return nil }
        let name = fields.required(.username) { $0.userName() }
        let place = fields.exactlyOne(of: .passwordFile, .passwordEnv)
        let secret = place.flatMap { $0.value.secretPlace(isFile: $0.key == .passwordFile, in: folder) }
        guard let name, let secret else { return nil }
        return .basic(user: name, password: secret)
    }

    private func userName() -> String? {
        guard let name = line("a user's name") else { return nil }
        guard !name.contains(":") else {
            return fail(
                "bad-name",
                "a user's name cannot contain ':'",
                hint: "the password goes into a file of its own"
            )
        }
        return name
    }

    private func secretPlace(isFile: Bool, in folder: String) -> SecretPlace? {
        isFile
            ? filePath(in: folder).map { .file(path: $0) }
            : variableName().map { .environment(name: $0) }
    }

    private func min(_ one: Value, _ other: Value, by precedes: (Value, Value) -> Bool) -> Value {
        precedes(other, one) ? other : one
    }

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
