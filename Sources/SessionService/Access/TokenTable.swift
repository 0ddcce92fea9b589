import Crypto
package import FoundationEssentials

/// Whose tokens are good, and until when.
///
/// The file has the tokens' SHA-256 only: who reads it cannot log in with it. A token must be long and random, such
/// as `openssl rand -hex 32` makes, as a plain hash does not slow anybody down who guesses.
package struct TokenTable: Sendable, Hashable {
    private struct Entry: Sendable, Hashable {
        var login: Login
        var hash: [UInt8]
    }

    /// What is wrong with a file, and where.
    package struct Flaw: Error, Sendable, Hashable {
        /// From 1.
        package var line: Int
        /// From 1, in characters.
        package var column: Int
        package var problem: String
    }

    private var entries: [Entry] = []

    /// Reads lines `subject sha256-in-hex [expiry]`, `#` beginning a comment.
    ///
    /// - Throws: The first flaw; a file without any token is one, as it would shut everybody out.
    package init(parsing text: String) throws(Flaw) {
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        var number = 0
        for line in lines {
            number += 1
            guard let entry = try Self.entry(on: line, number) else { continue }
            guard !entries.contains(where: { $0.hash == entry.hash }) else {
                throw Flaw(line: number, column: 1, problem: "the token is on an earlier line already")
            }
            entries.append(entry)
        }
        guard !entries.isEmpty else { throw Flaw(line: 1, column: 1, problem: "there is no token") }
    }

    /// What a token is worth; takes as long for a wrong one as for a good one.
    package func standing(of token: String, at now: Date) -> Standing {
        let digest = SHA256.hash(data: Data(token.utf8))
        var found: Login?
        // All of them, and each in constant time, as the digest compares itself.
        for entry in entries where digest == entry.hash { found = entry.login }
        guard let found else { return .wrong }
        if let ends = found.ends, ends <= now { return .ended }
        return .login(found)
    }

    /// Whether anybody of this name has a token.
    package func knows(_ subject: String) -> Bool { entries.contains { $0.login.subject == subject } }

    private static func entry(on line: Substring, _ number: Int) throws(Flaw) -> Entry? {
        let fields = line.prefix { $0 != "#" }.split { $0 == " " || $0 == "\t" }
        func flaw(_ field: Int, _ problem: String) -> Flaw {
            let place = fields.indices.contains(field) ? fields[field].startIndex : line.endIndex
            let column = line.distance(from: line.startIndex, to: place) + 1
            return Flaw(line: number, column: column, problem: problem)
        }
        guard let subject = fields.first else { return nil }
        guard subject.utf8.count <= 100, subject.allSatisfy(isPart(ofSubject:)) else {
            throw flaw(0, "'\(subject)' is no subject: up to 100 letters, digits, and . _ - @ +")
        }
        guard fields.count >= 2, let hash = bytes(ofHex: fields[1]) else {
            throw flaw(1, "here should be a SHA-256 of 64 hexadecimal digits")
        }
        guard fields.count <= 3 else { throw flaw(3, "'\(fields[3])' is one field too many") }
        var login = Login(subject: String(subject))
        if fields.count == 3 {
            guard let ends = try? Date(String(fields[2]), strategy: .iso8601) else {
                throw flaw(2, "'\(fields[2])' is no time like 2027-01-31T12:00:00Z")
            }
            login.ends = ends
        }
        return Entry(login: login, hash: hash)
    }

    private static func isPart(ofSubject character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || "._-@+".contains(character))
    }

    private static func bytes(ofHex text: Substring) -> [UInt8]? {
        let digits = text.utf8.count == 64 ? text.compactMap(\.hexDigitValue) : []
        guard digits.count == 64 else { return nil }
        return stride(from: 0, to: 64, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
}
