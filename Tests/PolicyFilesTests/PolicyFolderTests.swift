import PolicyFiles
import Rollout
import Testing
import TidegateTestKit

@Suite("The folder of policies")
struct PolicyFolderTests {
    @Test(
        "has bad ones, whose mistakes are all reported with place and hint",
        arguments: Reading.names(in: "bad")
    )
    func bad(name: String) {
        let path = Golden.fixtures("Policies/bad/\(name)")
        do {
            let loaded = try PolicyFile.load(
                bytes: Reading.bytes(at: path),
                path: name,
                folder: Reading.folder,
                environment: Reading.environment
            )
            Issue.record("\(name) was accepted: \(loaded.policy)")
        } catch {
            #expect(error.all.contains { $0.severity == .error })
            Golden.expect(transcript(error.all), matches: expected(beside: path))
        }
    }

    @Test("has good ones, read without an error", arguments: Reading.names(in: "good"))
    func good(name: String) throws {
        let path = Golden.fixtures("Policies/good/\(name)")
        let loaded = try PolicyFile.load(
            bytes: Reading.bytes(at: path),
            path: name,
            folder: Reading.folder,
            environment: Reading.environment
        )
        let warnings = transcript(loaded.warnings)
        let fields = PolicyDigest.describe(loaded.policy).map { "\($0)\n" }.joined()
        Golden.expect(fields + warnings, matches: expected(beside: path))
    }

    @Test("brings about every finding that a text can, under names that never change")
    func codes() {
        let names =
            Reading.names(in: "bad").map { "bad/\($0)" } + Reading.names(in: "good").map { "good/\($0)" }
        let codes = names.flatMap { Reading.codes(text(of: $0)) }
        Golden.expect(
            Set(codes).sorted().map { "\($0)\n" }.joined(),
            matches: Golden.fixtures("Policies/codes.expected")
        )
    }

    @Test("uses every key in a good policy")
    func keys() {
        let all = Reading.names(in: "good").map { text(of: "good/\($0)") }.joined()
        for key in Sections.keys {
            #expect(all.contains("\(key):"), "no good policy has '\(key)'")
        }
    }

    @Test("never repeats a secret")
    func secrets() {
        for name in Reading.names(in: "bad") {
            let text = String(
                decoding: Reading.bytes(at: Golden.fixtures("Policies/bad/\(name)")),
                as: UTF8.self
            )
            guard text.contains("hunter2") || text.contains("SECRET"), case .failure(let found) = result(text)
            else {
                continue
            }
            #expect(!"\(found)".contains("hunter2"), "\(name)")
        }
    }

    private func result(_ text: String) -> Result<LoadedPolicy, PolicyDiagnostics> {
        do throws(PolicyDiagnostics) {
            return .success(try Reading.load(text))
        } catch {
            return .failure(error)
        }
    }

    private func text(of name: String) -> String {
        String(decoding: Reading.bytes(at: Golden.fixtures("Policies/\(name)")), as: UTF8.self)
    }

    private func expected(beside path: String) -> String { path.dropLast(".yaml".count) + ".expected" }

    /// `line:column: code: message`, with the hint below.
    private func transcript(_ diagnostics: [Diagnostic]) -> String {
        diagnostics.map { diagnostic in
            let mark = diagnostic.severity == .warning ? "warning " : ""
            let place = "\(diagnostic.line):\(diagnostic.column)"
            let hint = diagnostic.hint.map { "  hint: \($0)\n" } ?? ""
            return "\(place): \(mark)\(diagnostic.code): \(diagnostic.message)\n\(hint)"
        }
        .joined()
    }
}
