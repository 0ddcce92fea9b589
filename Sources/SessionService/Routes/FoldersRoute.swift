import Hummingbird
import NIOPosix

/// `GET /api/folders?path=a/b`: the folders one may begin a session in.
struct FoldersRoute: Sendable {
    let browser: FolderBrowser

    private static let parameter: Substring = "path"

    private struct Body: Encodable {
        var path: String
        var parent: String?
        var folders: [String]
        var truncated: Bool?

        private enum CodingKeys: String, CodingKey { case path, parent, folders, truncated }

        /// Writes `parent` as null at the root, so that every answer has it.
        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(path, forKey: .path)
            try container.encode(parent, forKey: .parent)
            try container.encode(folders, forKey: .folders)
            try container.encodeIfPresent(truncated, forKey: .truncated)
        }
    }

    func answer(_ request: Request) async throws -> Response {
        guard let path = FolderPath(String(request.uri.queryParameters[Self.parameter] ?? "")) else {
            throw Problem(.badRequest, "'path' is not a path like 'src/app' below the browsed folder")
        }
        // Disks may be slow, and the threads that serve requests are few.
        let listing = try await NIOThreadPool.singleton.runIfActive { [browser] in
            Result { () throws(FolderBrowser.Failure) in try browser.list(path) }
        }
        switch listing {
        case .success(let listing):
            let body = Body(
                path: path.description,
                parent: path.parent?.description,
                folders: listing.names,
                truncated: listing.isTruncated ? true : nil
            )
            return .json(body)
        case .failure(.missing): throw Problem(.notFound, "there is no folder '\(path)'")
        case .failure(.forbidden): throw Problem(.forbidden, "the service may not look into '\(path)'")
        case .failure(.failed(let why)):
            throw Problem(.internalServerError, "the folder '\(path)' cannot be listed: \(why)")
        }
    }
}
