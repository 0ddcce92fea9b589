import Glibc
import Stepping

/// The kinds of system calls a target makes, in words for messages.
enum FileCall: String, Sendable, CaseIterable {
    case resolve = "follow the links of"
    case lock = "lock"
    case read = "read"
    case list = "look for leftovers beside"
    case create = "create a file beside"
    case own = "give the new file the owner of"
    case protect = "give the new file the mode of"
    case write = "write"
    case sync = "make durable"
    case replace = "replace"
    case syncDirectory = "make durable the directory of"
    case remove = "remove a leftover of"
}

/// A test's hand in a system call.
enum Interference: Sendable {
    /// The call is not made and fails so.
    case instead(errno: Int32)
    /// The call is made, but reports to have failed so.
    case afterwards(errno: Int32)
}

extension FlagTargetError {
    /// Says what a failed system call means to the person whose file it is.
    init(_ call: FileCall, _ path: String, errno code: Int32) {
        let words = "cannot \(call.rawValue) \(path): \(String(cString: strerror(code)))"
        switch code {
        case EACCES, EPERM:
            let hint =
                call == .own
                ? "run as root or as the file's owner, so that its readers keep their access"
                : "run as a user who may write the file's directory"
            self = .forbidden(words, hint: hint)
        case ENOENT, ENOTDIR:
            self = .unavailable(words, hint: "create the directory, or correct the path of the target")
        case ENOSPC, EDQUOT:
            self = .unavailable(words, hint: "make room; the document was left as it is")
        case EROFS:
            self = .unavailable(words, hint: "mount the file system writable, or publish somewhere else")
        case EISDIR:
            self = .unavailable(words, hint: "name a file as the target")
        case ELOOP:
            self = .unavailable(words, hint: "the symbolic links lead in a circle; correct them")
        case EWOULDBLOCK:
            self = .unavailable(words, hint: "another process holds the lock; see who with 'fuser'")
        default:
            self = .unavailable(words, hint: nil)
        }
    }
}
