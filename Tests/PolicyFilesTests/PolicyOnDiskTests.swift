import FoundationEssentials
import PolicyFiles
import Rollout
import Testing

@Suite("A policy on the disk")
struct PolicyOnDiskTests {
    private let folder: String

    init() throws {
        let manager = FileManager.default
        let made = manager.temporaryDirectory.appending(path: "policies-\(UUID().uuidString)")
        try manager.createDirectory(at: made, withIntermediateDirectories: true)
        folder = made.path
    }

    @Test("is read with paths that begin at its own folder, also through a link")
    func read() throws {
        let manager = FileManager.default
        try manager.createDirectory(atPath: "\(folder)/policies", withIntermediateDirectories: true)
        try manager.createSymbolicLink(atPath: "\(folder)/link", withDestinationPath: "\(folder)/policies")
        try write(Written.policy(), to: "policies/a.yaml")
        let direct = try PolicyFile.read("\(folder)/policies/a.yaml", environment: [:])
        let linked = try PolicyFile.read("\(folder)/link/../link/a.yaml", environment: [:])
        #expect(direct.policy.targets.map(\.identity).allSatisfy { $0.hasSuffix("/policies/flags.json") })
        #expect(direct.digest == linked.digest)
        #expect(direct.path == "\(folder)/policies/a.yaml")
    }

    @Test(
        "that is missing is said to be missing",
        arguments: ["none.yaml", "none/none.yaml", "file/none.yaml"]
    )
    func missing(name: String) throws {
        try write("", to: "file")
        #expect(
            throws: PolicyFile.ReadError.unreadable(
                PolicyUnreadable(path: "\(folder)/\(name)", reason: .missing)
            )
        ) {
            try PolicyFile.read("\(folder)/\(name)", environment: [:])
        }
    }

    @Test("that is a directory is said to be one")
    func directory() {
        #expect(throws: PolicyFile.ReadError.unreadable(PolicyUnreadable(path: folder, reason: .directory))) {
            try PolicyFile.read(folder, environment: [:])
        }
    }

    @Test(
        "explains itself in words with a hint",
        arguments: [PolicyUnreadable.Reason.missing, .forbidden, .directory]
    )
    func explains(reason: PolicyUnreadable.Reason) {
        let error = PolicyUnreadable(path: "a.yaml", reason: reason)
        #expect(error.message.contains("a.yaml"))
        #expect(error.hint != nil)
    }

    @Test("of more than a mebibyte is not read to its end")
    func endless() {
        #expect(codes { try PolicyFile.read("/dev/zero", environment: [:]) } == ["too-large"])
    }

    @Test("of exactly a mebibyte is read")
    func large() throws {
        let policy = Written.policy()
        let padding = String(repeating: "#", count: PolicyFile.largest - policy.utf8.count)
        try write(policy + padding, to: "large.yaml")
        let loaded = try PolicyFile.read("\(folder)/large.yaml", environment: [:])
        #expect(loaded.warnings.isEmpty)
    }

    @Test("that is not UTF-8 is refused at the place of the first torn character")
    func latin() throws {
        let bytes = Array("flag: checkout\n# né".utf8) + [0xE9, 0x0A]
        let found = try #require(diagnostics { try load(bytes) })
        #expect(found.map(\.code) == ["not-utf8"])
        #expect(found.map { [$0.line, $0.column] } == [[2, 5]])
    }

    @Test("may begin with a byte order mark and end its lines the other way")
    func otherEditors() throws {
        let text = Written.policy().split(separator: "\n").joined(separator: "\r\n")
        let plain = try load(Array(Written.policy().utf8))
        #expect(try load([0xEF, 0xBB, 0xBF] + Array(text.utf8)).digest == plain.digest)
    }

    @Test("that is nested without end is refused")
    func deep() {
        for text in [
            "flag: " + String(repeating: "[", count: 100_000), String(repeating: "- ", count: 100_000),
        ] {
            let found = diagnostics { try load(Array(text.utf8)) }
            #expect(found?.isEmpty == false)
        }
    }

    @Test("that has errors still tells whose it is and where the state lives")
    func outline() throws {
        try write(Written.policy(["steps": "[]", "colour": "red"]), to: "bad.yaml")
        let outline = PolicyFile.outline("\(folder)/bad.yaml", environment: [:])
        #expect(outline?.flag == "checkout")
        let store = try PolicyFile.read(written(Written.policy()), environment: [:]).policy.store
        #expect(outline?.store == store)
        try write("- no\n- mapping\n", to: "list.yaml")
        #expect(PolicyFile.outline("\(folder)/list.yaml", environment: [:]) == nil)
        #expect(PolicyFile.outline("\(folder)/none.yaml", environment: [:]) == nil)
    }

    /// The path of a new file with this text.
    private func written(_ text: String) throws -> String {
        try write(text, to: "good.yaml")
        return "\(folder)/good.yaml"
    }

    private func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(filePath: "\(folder)/\(name)"))
    }

    private func load(_ bytes: [UInt8]) throws(PolicyDiagnostics) -> LoadedPolicy {
        try PolicyFile.load(bytes: bytes, path: "a.yaml", folder: folder, environment: [:])
    }

    private func diagnostics(_ load: () throws -> LoadedPolicy) -> [Diagnostic]? {
        do {
            _ = try load()
            return nil
        } catch PolicyFile.ReadError.invalid(let found) {
            return found.all
        } catch {
            return (error as? PolicyDiagnostics)?.all
        }
    }

    private func codes(_ load: () throws -> LoadedPolicy) -> [String] { diagnostics(load)?.map(\.code) ?? [] }
}
