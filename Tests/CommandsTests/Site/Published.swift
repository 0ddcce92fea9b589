import FoundationEssentials
import TidegateTestKit

/// What a service reads from the flag file.
struct Published: Decodable, Equatable {
    var enabled: Bool
    var rollout: Rollout?

    struct Rollout: Decodable, Equatable {
        var percentage: Double
        var salt: String
        var revision: Int
    }

    /// In percent; 0 while disabled.
    var exposure: Double { enabled ? rollout?.percentage ?? 0 : 0 }

    /// Nil where the file holds nothing about the flag.
    static func read(_ path: String, flag: String) throws -> Published? {
        guard let bytes = try? FileContents.read(path) else { return nil }
        return try JSONDecoder().decode([String: Published].self, from: Data(bytes))[flag]
    }
}
