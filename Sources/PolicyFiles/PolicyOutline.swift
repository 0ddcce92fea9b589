package import Rollout

/// What can still be told from a policy that has errors: whose rollout it is and where its state lives.
///
/// Enough to go on guarding a rollout under its accepted policy while the file is being mended.
package struct PolicyOutline: Sendable, Equatable {
    package var flag: String?
    package var store: StoreLocation?
}

extension PolicyFile {
    /// The outline of the policy at a path; nil where it cannot be read or is no YAML mapping.
    package static func outline(_ path: String, environment: [String: String]) -> PolicyOutline? {
        guard
            let bytes = try? PolicyBytes.read(path),
            let folder = try? PolicyBytes.folder(of: path),
            let text = String(validating: bytes, as: UTF8.self)
        else { return nil }
        // What is wrong with the file was reported when it was loaded.
        let findings = Findings(file: path)
        guard
            let root = Document.root(of: text, environment: environment, findings: findings),
            let fields = Fields(root, keys: PolicyKey.self)
        else { return nil }
        return PolicyOutline(
            flag: fields.optional(.flag) { $0.flagName() },
            store: fields.optional(.state) { $0.storeLocation(in: folder) }
        )
    }
}
