import GRDB
import Glibc
import Stepping

extension StateStoreError {
    static let restoreHint = """
        restore it from a backup, or move it away and take the flag over again with 'tidegate start --adopt'
        """

    static func damaged(_ path: String, _ what: String) -> StateStoreError {
        .corrupt("\(path) is damaged: \(what)", hint: restoreHint)
    }

    /// Says what a failure of SQLite means to the person whose store it is.
    init(_ error: any Error, at path: String) {
        switch error {
        case let error as StateStoreError: self = error
        case let error as DatabaseError: self.init(sqlite: error, at: path)
        default: self = .unavailable("\(path): \(error)", hint: nil)
        }
    }

    private init(sqlite error: DatabaseError, at path: String) {
        let words = error.message ?? error.resultCode.description
        switch error.resultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_PROTOCOL:
            self = .unavailable(
                "\(path) is busy: another process keeps writing to it",
                hint: "try again; see who holds it with 'fuser \(path)'"
            )
        case .SQLITE_FULL:
            self = .unavailable(
                "\(path): the disk is full; nothing was saved",
                hint: "make room and try again"
            )
        case .SQLITE_PERM, .SQLITE_AUTH, .SQLITE_READONLY:
            self = .forbidden(
                "\(path) cannot be written: \(words)",
                hint: "run as the database's owner; its directory must be writable too"
            )
        case .SQLITE_NOTADB:
            self = .corrupt("\(path) is not a database", hint: Self.restoreHint)
        case .SQLITE_IOERR, .SQLITE_CANTOPEN, .SQLITE_NOMEM, .SQLITE_INTERRUPT, .SQLITE_NOLFS, .SQLITE_MISUSE:
            self = .unavailable(
                "\(path): \(words) (SQLite \(error.extendedResultCode.rawValue))",
                hint: "look at the disk and the system's log"
            )
        default:
            // A missing table, a broken schema, a violated constraint: the file is not what we wrote.
            self = .damaged(path, words)
        }
    }

    /// Says what a failed system call on a path means.
    init(errno code: Int32, doing what: String, at path: String) {
        let words = "\(path): cannot \(what): \(String(cString: strerror(code)))"
        switch code {
        case EACCES, EPERM:
            self = .forbidden(words, hint: "run as the owner of the file and its directory")
        case ENOENT, ENOTDIR:
            self = .unavailable(words, hint: "create the directory, or correct the path of the state")
        case ENOSPC, EDQUOT:
            self = .unavailable(words, hint: "make room and try again")
        case EROFS:
            self = .unavailable(words, hint: "the file system is read-only; keep the state on another one")
        default:
            self = .unavailable(words, hint: nil)
        }
    }
}
