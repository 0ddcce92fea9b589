import Crypto
import FoundationEssentials
package import Rollout

/// Tells whether two policies mean the same.
package enum PolicyDigest {
    /// `sha256:` and the SHA-256, in hexadecimal, of the policy as JSON with sorted keys.
    ///
    /// Computed from the policy's value, not from its file: comments, layout, the order of keys and `60s` for `1m`
    /// do not count. Every field of ``Policy`` does. A field added later must be left out of the JSON while it has
    /// no value, or every rollout under way would take its policy for changed.
    package static func digest(of policy: Policy) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            let hash = SHA256.hash(data: try encoder.encode(policy))
            return "sha256:" + hash.map(hexadecimal).joined()
        } catch {
            // Only a number that is not finite cannot be encoded, and no reader of policies lets one through.
            preconditionFailure("a policy is always JSON: \(error)")
        }
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
}
