import FoundationEssentials
import HTTPTransport
import Rollout

/// What lets us in: headers and TLS, with the secrets read just now.
struct Admission: Sendable {
    var headers: [HTTPHeader] = []
    var tls: TLSSettings
    /// What must never appear in a message.
    var secrets: [String] = []

    init(
        _ credentials: Credentials?,
        headers settings: [HeaderSetting],
        tls files: TLSFiles,
        environment: [String: String]
    ) throws(Access.Denial) {
        tls = TLSSettings(
            authorities: files.caFile.map { .file(path: $0) },
            certificate: files.certificateFile.map { .file(path: $0) },
            key: files.keyFile.map { .file(path: $0) }
        )
        let place = SecretReader(environment: environment)
        switch credentials {
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
        for header in settings {
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
            throw Access.Denial(refusal: .credentials, message: objection)
        }
    }

    /// Refuses to carry secrets to an address where others could read them.
    func check(_ url: HTTPURL) throws(Access.Denial) {
        guard secrets.isEmpty || url.isEncrypted || url.isLoopback else {
            let message = "credentials are not sent over plain http to \(url.host); use https"
            throw Access.Denial(refusal: .credentials, message: message)
        }
    }
}
