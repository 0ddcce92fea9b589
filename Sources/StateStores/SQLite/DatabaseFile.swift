import GRDB
import Glibc
import Stepping

/// The file a database lives in: looked at before SQLite touches it, and made in one piece.
struct DatabaseFile {
    /// As the operator wrote it.
    let path: String
    /// With symbolic links resolved, as SQLite sees it.
    let realPath: String
    /// Whether there is a file; a database is never without content.
    let isPresent: Bool

    /// Looks, without opening or changing anything.
    ///
    /// Opening is left to SQLite: closing any descriptor of the file would drop the locks that another
    /// connection of this process holds on it.
    init(path: String) throws(StateStoreError) {
        self.path = path
        var status = stat()
        if stat(path, &status) == 0 {
            guard status.st_mode & S_IFMT == S_IFREG else {
                throw .unavailable("\(path) is not a regular file", hint: "name a file for the state")
            }
            guard status.st_size > 0 else {
                throw .damaged(path, "it is empty")
            }
            isPresent = true
            realPath = Self.resolved(path) ?? path
        } else {
            guard errno == ENOENT else { throw StateStoreError(errno: errno, doing: "look at it", at: path) }
            guard lstat(path, &status) != 0 else {
                throw .unavailable(
                    "\(path) is a symbolic link to nothing",
                    hint: "mount what it points to, or remove the link"
                )
            }
            isPresent = false
            let (directory, name) = Self.split(path)
            realPath = Self.resolved(directory).map { "\($0)/\(name)" } ?? path
            try refuseOrphanedLog()
        }
        try FileSystemKind.requireLocal(Self.split(realPath).directory, for: path)
    }

    var logPath: String { realPath + "-wal" }
    var journalPath: String { realPath + "-journal" }

    /// Refuses a database that this process may look at but not write: SQLite would open it read-only.
    func requireWritable() throws(StateStoreError) {
        for place in [realPath, Self.split(realPath).directory] {
            guard faccessat(AT_FDCWD, place, R_OK | W_OK, AT_EACCESS) == 0 else {
                throw StateStoreError(errno: errno, doing: "write", at: place)
            }
        }
    }

    /// Makes the database unless there is one.
    ///
    /// It gets its name only when it is whole, so that an empty or half-made file is always a damaged one, and
    /// of two processes that make one at the same time, one finds the other's.
    func createUnlessPresent(_ schema: Schema) throws {
        guard !isPresent else { return }
        let draft = try Draft(beside: realPath)
        defer { draft.remove() }
        let queue = try DatabaseQueue(path: draft.path, configuration: .store)
        try queue.inDatabase { db in try schema.install(in: db) }
        try queue.close()
        guard link(draft.path, realPath) == 0 || errno == EEXIST else {
            throw StateStoreError(errno: errno, doing: "create it", at: path)
        }
        try syncDirectory()
    }

    private func syncDirectory() throws(StateStoreError) {
        let directory = open(Self.split(realPath).directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else {
            throw StateStoreError(errno: errno, doing: "open its directory", at: path)
        }
        defer { Glibc.close(directory) }
        guard fsync(directory) == 0 || errno == EINVAL || errno == ENOTSUP else {
            throw StateStoreError(errno: errno, doing: "make its directory durable", at: path)
        }
    }

    /// A log without its database would be played back into whatever gets the database's name next.
    private func refuseOrphanedLog() throws(StateStoreError) {
        var status = stat()
        for log in [logPath, journalPath] where stat(log, &status) == 0 && status.st_size > 0 {
            throw .damaged(path, "the file is missing, but its log \(log) is still there")
        }
    }

    private static func resolved(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    static func split(_ path: String) -> (directory: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return (".", path) }
        let directory = path[..<slash]
        return (directory.isEmpty ? "/" : String(directory), String(path[path.index(after: slash)...]))
    }
}

/// A database in the making, under a name nobody looks for.
private struct Draft {
    let path: String

    /// Makes an empty file that only its owner can read, whatever the process's umask.
    init(beside path: String) throws(StateStoreError) {
        let (directory, name) = DatabaseFile.split(path)
        let suffix = String(UInt64.random(in: .min ... .max), radix: 36)
        self.path = "\(directory)/.\(name).tidegate-new-\(suffix)"
        let descriptor = open(self.path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StateStoreError(errno: errno, doing: "create it", at: path) }
        defer { Glibc.close(descriptor) }
        guard fchmod(descriptor, 0o600) == 0 else {
            let code = errno
            remove()
            throw StateStoreError(errno: code, doing: "protect it", at: path)
        }
    }

    func remove() {
        for suffix in ["", "-wal", "-shm", "-journal"] { unlink(path + suffix) }
    }
}
