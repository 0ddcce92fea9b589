import FoundationEssentials
import Glibc

/// A real reader of published files, from the Python package index; `Scripts/setup` installs them.
package enum FlagProvider: String, Sendable, CaseIterable {
    /// OpenFeature's provider for flagd whose `fractional` is of the second generation.
    case flagdV2 = "flagd-v2"
    /// The same of the third generation.
    case flagdV3 = "flagd-v3"
    /// Unleash's own client.
    case unleash

    private static let root = Golden.fixtures("../../..")

    private var python: String { "\(Self.root)/.build-providers/\(rawValue)/bin/python" }

    private var script: String {
        let name = self == .unleash ? "unleash" : "flagd"
        return Golden.fixtures("Python/\(name).py")
    }

    /// Whether it is there; `Scripts/test` always has it.
    package var isInstalled: Bool { access(python, X_OK) == 0 }

    /// What the provider says, asked in one process.
    ///
    /// - Returns: For each question an answer for each of its contexts.
    /// - Throws: ``ProgramError`` with the provider's own words where it takes a file for broken.
    package func answers(to questions: [ProviderQuestion]) throws -> [[ProviderAnswer]] {
        let directory = try TemporaryDirectory()
        let json = try JSONEncoder().encode(questions)
        try TextFile.write(String(decoding: json, as: UTF8.self), to: directory.path("questions.json"))
        try ProgramLaunch.run([python, script], in: directory.path)
        let answers = try FileContents.read(directory.path("answers.json"))
        return try JSONDecoder().decode([[ProviderAnswer]].self, from: Data(answers))
    }
}

/// One flag of a published file, and who is asked about.
package struct ProviderQuestion: Encodable, Sendable {
    package var file: String
    package var flag: String
    /// What the application's code falls back to: a boolean in words, or a text.
    package var codeDefault: String
    package var contexts: [ProviderContext]

    package init(file: String, flag: String, codeDefault: String, contexts: [ProviderContext]) {
        (self.file, self.flag, self.codeDefault, self.contexts) = (file, flag, codeDefault, contexts)
    }
}

/// What an application knows about a client.
package struct ProviderContext: Encodable, Sendable {
    package var key: String?
    package var bucket: UInt32?

    package init(key: String?, bucket: UInt32? = nil) {
        (self.key, self.bucket) = (key, bucket)
    }
}

/// What a provider said about one client.
package struct ProviderAnswer: Decodable, Sendable, Equatable {
    package var variant: String?
    /// A boolean in words, or a text.
    package var value: String
    package var reason: String?

    package init(from decoder: any Decoder) throws {
        var columns = try decoder.unkeyedContainer()
        variant = try columns.decodeIfPresent(String.self)
        value = try columns.decode(String.self)
        reason = try columns.decodeIfPresent(String.self)
    }
}
