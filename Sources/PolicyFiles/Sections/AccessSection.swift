import Rollout

/// The keys of a mapping that also say how to be let in by a server.
protocol AccessKey: SectionKey {
    static var username: Self { get }
    static var passwordFile: Self { get }
    static var passwordEnv: Self { get }
    static var tokenFile: Self { get }
    static var tokenEnv: Self { get }
    static var headers: Self { get }
    static var caFile: Self { get }
    static var certificateFile: Self { get }
    static var keyFile: Self { get }
}

extension AccessKey {
    static var accessSynonyms: [String: Self] {
        [
            "user": .username, "certFile": .certificateFile, "cert": .certificateFile,
            "bearerTokenFile": .tokenFile, "ca": .caFile,
        ]
    }

    static var accessSecrets: [String: String] {
        let token = "put it into a file and write 'tokenFile', or into the environment and write 'tokenEnv'"
        return [
            "password":
                "put it into a file and write 'passwordFile', or into the environment and write 'passwordEnv'",
            "token": token,
            "bearerToken": token,
            "authorization": "use 'tokenFile', 'tokenEnv', or 'username' with 'passwordFile'",
            "key": "put it into a file and write 'keyFile'",
        ]
    }
}

extension Value {
    /// What a mapping says about being let in; `headers` is nil where they were found wrong.
    func access<Key: AccessKey>(
        _ fields: Fields<Key>,
        in folder: String
    ) -> (credentials: Credentials?, headers: [HeaderSetting]?, tls: TLSFiles) {
        let credentials = credentials(fields, in: folder)
        let headers = fields.optional(.headers, default: []) { $0.headers(in: folder) }
        return (credentials, headers, tlsFiles(fields, in: folder))
    }

    /// Warns of a secret on its way to an address where others can read it.
    func warnOfCleartext(_ url: String) {
        guard Self.isOpenToOthers(url) else { return }
        let message = "the password or token is sent unencrypted"
        warn("cleartext-credentials", message, hint: "use an 'https://' address")
    }

    private func tlsFiles<Key: AccessKey>(_ fields: Fields<Key>, in folder: String) -> TLSFiles {
        let files = TLSFiles(
            caFile: fields.optional(.caFile) { $0.filePath(in: folder) },
            certificateFile: fields.optional(.certificateFile) { $0.filePath(in: folder) },
            keyFile: fields.optional(.keyFile) { $0.filePath(in: folder) }
        )
        if let key = fields[.keyFile], fields[.certificateFile] == nil {
            findings.error("incomplete-tls", "'keyFile' needs 'certificateFile' beside it", at: key.place)
        }
        return files
    }

    /// The one way to be let in that a mapping names; nil for none, and for what was found wrong.
    private func credentials<Key: AccessKey>(_ fields: Fields<Key>, in folder: String) -> Credentials? {
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
}
