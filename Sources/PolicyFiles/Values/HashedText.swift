import Assignment

/// Texts that go into every client's bucket, where a byte more or less moves everybody.
extension Value {
    /// The flag's own name, which most products hash; ASCII like every name.
    func flagName() -> String? {
        guard let text = text("a name such as 'new-checkout'") else { return nil }
        guard text.utf8.allSatisfy({ $0 < 0x80 }) else {
            return fail(
                "non-ascii-flag",
                "the flag '\(text)' is not ASCII, and every client's bucket depends on its bytes: clients in "
                    + "JavaScript and .NET would hash others, and so treat other clients",
                hint: "use ASCII letters, digits, '-', '_' and '.', with a letter first; variables of the "
                    + "environment and metric labels are named after the flag, too"
            )
        }
        return identifier()
    }

    /// The salt: any line, with a warning where not all SDKs hash the same bytes.
    func salt(for algorithm: HashAlgorithm?) -> String? {
        guard let salt = line("a text to mix into every bucket") else { return nil }
        guard algorithm != .unleash || !salt.utf8.contains(where: { [0x22, 0x5c].contains($0) }) else {
            return fail(
                "bad-salt",
                "a feature of Unleash whose salt has a '\"' or a '\\' is off for everybody",
                hint: "choose a salt without them"
            )
        }
        if let algorithm, !salt.utf8.allSatisfy({ $0 < 0x80 }) {
            warn(
                "non-ascii-salt",
                "the salt '\(salt)' is not ASCII, and some SDKs would treat other clients: \(algorithm.divergence)",
                hint: "use a salt in ASCII, unless none of those reads the flag"
            )
        }
        return salt
    }
}

extension HashAlgorithm {
    /// What becomes of letters beyond ASCII in some of the SDKs that compute the algorithm otherwise.
    fileprivate var divergence: String {
        switch self {
        case .flagdV2:
            "for such letters flagd's provider for JavaScript hashes UTF-16 in place of UTF-8, that for .NET '?'"
        case .flagdV3:
            "for such letters flagd's providers for JavaScript and .NET have so far hashed other bytes than UTF-8"
        case .unleash: "for such letters Unleash's SDK for Node.js hashes UTF-16 in place of UTF-8"
        case .growthbookV2:
            "for such letters some of GrowthBook's, such as that for Swift, hash UTF-8 in place of UTF-16"
        }
    }
}
