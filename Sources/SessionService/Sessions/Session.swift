package import FoundationEssentials

/// A terminal session, as clients see it.
package struct Session: Sendable, Hashable, Codable {
    /// What it does at the moment.
    package enum Status: String, Sendable, Hashable, Codable, CaseIterable {
        case running
        case exited
    }

    package var id: String
    package var name: String
    package var status: Status
    /// The program and its arguments.
    package var command: [String]
    /// Where it runs, as a path below the folder that clients may browse; nil where nobody said.
    package var folder: String?
    package var createdAt: Date
    package var updatedAt: Date

    package init(
        id: String,
        name: String,
        status: Status,
        command: [String],
        folder: String? = nil,
        createdAt: Date,
        updatedAt: Date
    ) {
        self.id = id
        self.name = name
        self.status = status
        self.command = command
        self.folder = folder
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}

/// One thing that happens to the list of sessions.
package enum SessionChange: Sendable, Hashable {
    /// The session is new, or replaces the one with its id.
    case upsert(Session)
    /// The session with this id is gone; nothing happens where there is none.
    case remove(id: String)
}

extension SessionChange: Encodable {
    private enum CodingKeys: String, CodingKey { case op, session, id }

    /// Writes `{"op":"upsert","session":…}` or `{"op":"remove","id":…}`.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .upsert(let session):
            try container.encode("upsert", forKey: .op)
            try container.encode(session, forKey: .session)
        case .remove(let id):
            try container.encode("remove", forKey: .op)
            try container.encode(id, forKey: .id)
        }
    }
}
