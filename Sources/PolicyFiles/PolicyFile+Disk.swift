extension PolicyFile {
    /// Why there is no policy.
    package enum ReadError: Error, Sendable, Equatable {
        /// The file could not be read.
        case unreadable(PolicyUnreadable)
        /// The file was read, and this is what is wrong with it.
        case invalid(PolicyDiagnostics)
    }

    /// Reads the policy at a path, absolute or relative to the working directory.
    ///
    /// Relative paths inside it begin at the folder the path leads to.
    ///
    /// - Parameters:
    ///   - path: A file, or anything else that can be read to its end, such as `/dev/stdin`.
    ///   - environment: What `${NAME}` is replaced from.
    /// - Returns: The policy with its digest, and warnings if there are any.
    /// - Throws: Why there is no policy to trust.
    package static func read(_ path: String, environment: [String: String]) throws(ReadError) -> LoadedPolicy
    {
        let bytes: [UInt8]
        let folder: String
        do {
            bytes = try PolicyBytes.read(path)
            folder = try PolicyBytes.folder(of: path)
        } catch {
            throw .unreadable(error)
        }
        do {
            return try load(bytes: bytes, path: path, folder: folder, environment: environment)
        } catch {
            throw .invalid(error)
        }
    }
}
