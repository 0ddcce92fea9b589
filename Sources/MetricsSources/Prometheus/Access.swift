import FoundationEssentials
import HTTPTransport
import Rollout

/// How to reach the server in this batch: address, headers and TLS, with the secrets read just now.
struct Access: Sendable {
    /// Without a slash at the end.
    var baseURL: String
    var headers: [HTTPHeader]
    var tls: TLSSettings
    /// On the same host: there, compressing an answer takes longer than sending it.
    var isLocal: Bool
    /// What must never appear in a message.
    var secrets: [String]

    /// Nothing can be asked, and why.
    struct Denial: Error, Sendable, Equatable {
        var refusal: Refusal
        var message: String
    }

    init(_ location: PrometheusLocation, environment: [String: String]) throws(Denial) {
        let url = try Self.checkedURL(location.url)
        baseURL = String(location.url.reversed().drop { $0 == "/" }.reversed())
        isLocal = url.isLoopback
        headers = []
        secrets = []
        tls = TLSSettings(
            authorities: location.tls.caFile.map { .file(path: $0) },
            certificate: location.tls.certificateFile.map { .file(path: $0) },
            key: location.tls.keyFile.map { .file(path: $0) }
        )
        let place = SecretReader(environment: environment)
        switch location.credentials {
        case nil: break
        case .basic(let user, let password):
            let secret = try place.read(password)
            let pair = Data("\(user):\(secret)".utf8).base64EncodedString()
            headers.append(HTTPHeader("Authorization", "Basic \(pair)"))
            secrets += [pair, secret]
        case .bearer(let token):
            let secret = try place.read(token)
            headers.append(HTTPHeader("Authorization", "Bearer \(secret)"))
            secrets.append(secret)
        }
        for header in location.headers {
            switch header.value {
            case .text(let text): headers.append(HTTPHeader(header.name, text))
            case .file(let path):
                let secret = try place.read(.file(path: path))
                headers.append(HTTPHeader(header.name, secret))
                secrets.append(secret)
            }
        }
        for header in headers {
            guard let objection = HeaderRules.objection(to: header) else { continue }
            throw Denial(refusal: .credentials, message: objection)
        }
        guard secrets.isEmpty || url.isEncrypted || url.isLoopback else {
            let message = "credentials are not sent over plain http to \(url.host); use https"
            throw Denial(refusal: .credentials, message: message)
        }
    }

    private static func checkedURL(_ text: String) throws(Denial) -> HTTPURL {
        let url: HTTPURL
        do throws(HTTPURLError) {
            url = try HTTPURL(text)
        } catch {
            throw Denial(refusal: .request, message: "metrics url: \(error)")
        }
        guard !url.rest.contains("?"), !url.rest.contains("#") else {
            throw Denial(refusal: .request, message: "metrics url: it must end with its path, without ? or #")
        }
        return url
    }
}

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
