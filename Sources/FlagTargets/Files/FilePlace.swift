import Glibc
import Stepping

/// Where a document really is, once symbolic links have been followed, and the names beside it that are ours.
struct FilePlace: Equatable {
    let directory: String
    let name: String

    private static let linkLimit = 40

    var path: String { directory == "/" ? "/\(name)" : "\(directory)/\(name)" }
    /// Locked by whoever writes, never removed.
    var lockPath: String { "\(directory)/.\(name).tidegate-lock" }
    /// What a document in the making is called; whoever holds the lock may remove all of them.
    var temporaryPrefix: String { ".\(name).tidegate-tmp-" }

    /// Follows the links of a path; what the last one points to need not exist.
    init(resolving path: String, in files: FileSystem) throws(FlagTargetError) {
        var place = try Self(path)
        for _ in 0..<Self.linkLimit {
            guard let link = try files.link(at: place.path) else {
                self = place
                return
            }
            place = try Self(link.hasPrefix("/") ? link : "\(place.directory)/\(link)")
        }
        throw FlagTargetError(.resolve, path, errno: ELOOP)
    }

    private init(_ path: String) throws(FlagTargetError) {
        let slash = path.lastIndex(of: "/")
        name = String(slash.map { path[path.index(after: $0)...] } ?? path[...])
        guard !name.isEmpty, name != ".", name != ".." else {
            throw FlagTargetError(.resolve, path, errno: EISDIR)
        }
        directory = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    }
}
