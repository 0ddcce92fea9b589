import FoundationEssentials
import Rollout

/// Reads secrets from where the policy says they are.
struct SecretReader: Sendable {
    var environment: [String: String]

    /// The secret, without white space around it.
    func read(_ place: SecretPlace) throws(Access.Denial) -> String {
        let text: String
        let name: String
        switch place {
        case .environment(let variable):
            name = "environment variable \(variable)"
            guard let value = environment[variable] else { throw denial("\(name) is not set") }
            text = value
        case .file(let path):
            name = "file \(path)"
            text = try content(of: path)
        }
        let secret = Self.trimmed(text)
        guard !secret.isEmpty else { throw denial("\(name) is empty") }
        guard secret.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7f }) else {
            throw denial("\(name) holds a control character, such as a line break inside the secret")
        }
        return secret
    }

    private func content(of path: String) throws(Access.Denial) -> String {
        let data: Data
        do {
            data = try Data(contentsOf: URL(filePath: path))
        } catch {
            throw denial("file \(path) cannot be read: \(Self.words(error))")
        }
        guard data.count <= 65_536, let text = String(bytes: data, encoding: .utf8) else {
            throw denial("file \(path) holds no text, or too much of it")
        }
        return text
    }

    private func denial(_ message: String) -> Access.Denial {
        Access.Denial(refusal: .credentials, message: message)
    }

    private static func words(_ error: any Error) -> String {
        switch (error as? CocoaError)?.code {
        case .fileReadNoSuchFile: "there is no such file"
        case .fileReadNoPermission: "permission denied"
        default: "it is not a readable file"
        }
    }

    private static func trimmed(_ text: String) -> String {
        let start = text.drop(while: \.isWhitespace)
        return String(start.reversed().drop(while: \.isWhitespace).reversed())
    }
}
