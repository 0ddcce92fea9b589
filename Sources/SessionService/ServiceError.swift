/// Why the service cannot start.
package enum ServiceError: Error, Sendable, Equatable {
    /// An environment variable about the flag does not mean anything.
    case environment(variable: String, problem: String)
    /// The flag file is there and may not be read.
    case flagFile(path: String, problem: String)
    /// The token file says something that means nothing.
    case tokens(path: String, flaw: TokenTable.Flaw)
    /// The token file cannot be read.
    case tokensFile(path: String, problem: String)
    /// The folder to browse cannot be opened.
    case folder(path: String, problem: String)
    /// An option's value means nothing.
    case option(name: String, value: String, wanted: String)
    /// The address cannot be listened on.
    case address(host: String, port: Int, problem: String)
}

extension ServiceError {
    /// What happened, for people.
    package var message: String {
        switch self {
        case .environment(let variable, let problem): "environment variable \(variable): \(problem)"
        case .flagFile(let path, let problem): "cannot read the flag file \(path): \(problem)"
        case .tokens(let path, let flaw): flaw.description(of: path)
        case .tokensFile(let path, let problem): "cannot read the token file \(path): \(problem)"
        case .folder(let path, let problem): "cannot open the folder \(path): \(problem)"
        case .option(let name, let value, _): "\(name) '\(value)' means nothing"
        case .address(let host, let port, let problem): "cannot listen on \(host):\(port): \(problem)"
        }
    }

    /// What would help.
    package var hint: String {
        switch self {
        case .environment: "correct it, or unset it to leave the flag off"
        case .flagFile: "let this user read it; a file that is missing may appear later"
        case .tokens:
            #"a line reads: subject sha256-of-token [expiry]; printf %s "$TOKEN" | sha256sum makes the second"#
        case .tokensFile: "let this user read it, or leave out --tokens to let everybody in"
        case .folder: "name a directory that this user may list, or leave out --folders"
        case .option(_, _, let wanted): "give \(wanted)"
        case .address: "choose another --host or --port; port 0 takes any free one"
        }
    }
}
