import FoundationEssentials
import PolicyFiles
import Rollout
import TidegateTestKit

/// Reads policies the way every test of this suite does: in a made-up folder, with a made-up environment.
enum Reading {
    static let folder = "/etc/tidegate/policies"
    static let environment = [
        "TENANT": "team-a", "STATE_DIR": "/var/lib/tidegate", "SECRET": "hunter2 ", "EMPTY": "",
    ]

    static func load(_ text: String) throws(PolicyDiagnostics) -> LoadedPolicy {
        try PolicyFile.load(text: text, path: "policy.yaml", folder: folder, environment: environment)
    }

    /// The codes of what is found in a text.
    static func codes(_ text: String) -> [String] {
        do {
            return try load(text).warnings.map(\.code)
        } catch {
            return error.all.map(\.code)
        }
    }

    /// The names of the policies in a folder of fixtures, sorted.
    static func names(in folder: String) -> [String] {
        let files =
            (try? FileManager.default.contentsOfDirectory(atPath: Golden.fixtures("Policies/\(folder)")))
            ?? []
        return files.filter { $0.hasSuffix(".yaml") }.sorted()
    }

    static func bytes(at path: String) -> [UInt8] {
        FileManager.default.contents(atPath: path).map(Array.init) ?? []
    }
}

/// A policy of few words, whose sections a test can replace.
enum Written {
    static let sections: [(key: String, yaml: String)] = [
        ("flag", "checkout"),
        ("state", "{sqlite: state.sqlite}"),
        ("steps", "[{percentage: 50, bake: 5m}, {percentage: 100, bake: 10m}]"),
        ("metrics", "{prometheus: {url: http://localhost:9090}}"),
        ("checks", "[{name: errors, ceiling: 1%, failures: errors_total, exposures: requests_total}]"),
        ("publish", "[{file: {path: flags.json, format: json}}]"),
    ]

    /// The policy with some sections replaced or added.
    static func policy(_ replaced: KeyValuePairs<String, String> = [:]) -> String {
        let kept = sections.filter { section in !replaced.contains { $0.key == section.key } }
        let all = kept.map { ($0.key, $0.yaml) } + replaced.map { ($0.key, $0.value) }
        return all.map { "\($0): \($1)\n" }.joined()
    }
}
