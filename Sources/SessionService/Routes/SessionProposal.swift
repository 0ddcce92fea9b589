import HTTPTypes

/// What a client asks for when it creates a session.
struct SessionProposal: Sendable, Equatable, Decodable {
    var name: String?
    var command: [String]
    var folder: String?

    static let members = ["name", "command", "folder"]

    /// Checks what a JSON decoder cannot.
    ///
    /// - Returns: The name the session gets: its command's first word where nobody chose one.
    /// - Throws: ``Problem`` that names the member.
    func checkedName() throws(Problem) -> String {
        guard let program = command.first, !program.isEmpty else {
            throw Problem(.badRequest, "'command' has no program")
        }
        guard command.count <= SessionText.mostWords else {
            throw Problem(
                .badRequest,
                "'command' has \(command.count) words, more than \(SessionText.mostWords)"
            )
        }
        for (index, word) in command.enumerated() where SessionText.hasControl(word) {
            throw Problem(.badRequest, "'command[\(index)]' contains a control character")
        }
        if let folder, FolderPath(folder) == nil {
            throw Problem(.badRequest, "'folder' is not a path like 'src/app' below the browsed folder")
        }
        guard let name else { return String(program.prefix(SessionText.longestName)) }
        try SessionText.check(name: name)
        return name
    }
}

/// What a client wants to be different about a session.
struct SessionAmendment: Sendable, Equatable, Decodable {
    var name: String?
    var status: Session.Status?

    static let members = ["name", "status"]

    /// Checks what a JSON decoder cannot.
    ///
    /// - Throws: ``Problem`` that names the member.
    func check() throws(Problem) {
        guard name != nil || status != nil else {
            throw Problem(.badRequest, "neither 'name' nor 'status' is there")
        }
        if let name { try SessionText.check(name: name) }
        guard status != .running else {
            throw Problem(.badRequest, "'status' can only become 'exited': what has ended does not run again")
        }
    }
}

/// What texts a session may have.
enum SessionText {
    static let longestName = 100
    static let mostWords = 64

    static func check(name: String) throws(Problem) {
        guard !name.isEmpty, name.count <= longestName else {
            throw Problem(.badRequest, "'name' is not 1 to \(longestName) characters long")
        }
        guard !hasControl(name) else { throw Problem(.badRequest, "'name' contains a control character") }
    }

    /// Whether a text would break a line or steer a terminal.
    static func hasControl(_ text: String) -> Bool {
        text.unicodeScalars.contains { scalar in
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator: true
            default: false
            }
        }
    }
}
