/// Why the service cannot start.
package enum ServiceError: Error, Sendable, Equatable {
    /// An environment variable about the flag does not mean anything.
    case environment(variable: String, problem: String)
    /// The flag file is there and may not be read.
    case flagFile(path: String, problem: String)
    /// The address cannot be listened on.
    case address(host: String, port: Int, problem: String)
}

extension ServiceError {
    /// What happened, for people.
    package var message: String {
        switch self {
        case .environment(let variable, let problem): "environment variable \(variable): \(problem)"
        case .flagFile(let path, let problem): "cannot read the flag file \(path): \(problem)"
        case .address(let host, let port, let problem): "cannot listen on \(host):\(port): \(problem)"
        }
    }

    /// What would help.
    package var hint: String {
        switch self {
        case .environment: "correct it, or unset it to leave the flag off"
        case .flagFile: "let this user read it; a file that is missing may appear later"
        case .address: "choose another --host or --port; port 0 takes any free one"
        }
    }
}
