package import Rollout

/// Reads policies: YAML in, a ``LoadedPolicy`` or everything that is wrong with it out.
package enum PolicyFile {
    /// The largest file that is read, in bytes.
    package static let largest = 1 << 20

    /// Reads a policy from its text.
    ///
    /// - Parameters:
    ///   - text: YAML.
    ///   - path: What diagnostics call the file.
    ///   - folder: Where relative paths begin: the policy file's own folder, absolute.
    ///   - environment: What `${NAME}` is replaced from.
    /// - Returns: The policy with its digest, and warnings if there are any.
    /// - Throws: Everything that was found, when that leaves no policy to trust.
    package static func load(
        text: String,
        path: String,
        folder: String,
        environment: [String: String]
    ) throws(PolicyDiagnostics) -> LoadedPolicy {
        let findings = Findings(file: path)
        // Some editors put a byte order mark first, which YAML would take for a character of the first key.
        let plain = text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
        let root = Document.root(of: plain, environment: environment, findings: findings)
        guard let policy = root?.policy(in: folder), !findings.hasErrors else {
            throw PolicyDiagnostics(all: findings.sorted)
        }
        return LoadedPolicy(
            policy: policy,
            digest: PolicyDigest.digest(of: policy),
            path: path,
            warnings: findings.sorted
        )
    }

    /// Reads a policy from its bytes, which must be UTF-8 and at most ``largest``.
    ///
    /// - Throws: Everything that was found, when that leaves no policy to trust.
    package static func load(
        bytes: [UInt8],
        path: String,
        folder: String,
        environment: [String: String]
    ) throws(PolicyDiagnostics) -> LoadedPolicy {
        let findings = Findings(file: path)
        guard bytes.count <= largest else {
            findings.error("too-large", "the file is larger than 1 MiB", hint: "is it a policy?", at: .top)
            throw PolicyDiagnostics(all: findings.sorted)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            findings.error(
                "not-utf8",
                "the file is not UTF-8",
                hint: "save it as UTF-8",
                at: firstTornPlace(in: bytes)
            )
            throw PolicyDiagnostics(all: findings.sorted)
        }
        return try load(text: text, path: path, folder: folder, environment: environment)
    }

    /// Where the first bytes stand that are no UTF-8.
    private static func firstTornPlace(in bytes: [UInt8]) -> Place {
        var decoder = UTF8()
        var rest = bytes.makeIterator()
        var place = Place.top
        while case .scalarValue(let scalar) = decoder.decode(&rest) {
            place = scalar == "\n" ? Place(line: place.line + 1, column: 1) : place.next
        }
        return place
    }
}

/// A policy that can be used, and where it came from.
package struct LoadedPolicy: Sendable, Equatable {
    package var policy: Policy
    /// `sha256:` and 64 hexadecimal digits: the same for files that mean the same.
    package var digest: String
    /// As it was given.
    package var path: String
    package var warnings: [Diagnostic]

    package init(policy: Policy, digest: String, path: String, warnings: [Diagnostic] = []) {
        self.policy = policy
        self.digest = digest
        self.path = path
        self.warnings = warnings
    }
}
