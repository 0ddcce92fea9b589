import Glibc
import Rollout
import Stepping

/// The lock beside a document, held for as long as this value lives.
///
/// Beside it, because the document itself is replaced: a lock on a replaced file keeps nobody out. The lock
/// file is never removed, for the same reason.
struct SideLock: ~Copyable {
    private let descriptor: Int32

    /// Takes the lock, waiting for at most `patience`.
    init(of place: FilePlace, in files: FileSystem, patience: Span) throws(FlagTargetError) {
        let end = ContinuousClock.now + .milliseconds(patience.milliseconds)
        var pause: UInt32 = 500
        while true {
            let descriptor = try Self.open(place, in: files)
            let isTaken: Bool
            do throws(FlagTargetError) {
                isTaken =
                    try files.call(.lock, place.path) { () -> Int32 in
                        let result = flock(descriptor, LOCK_EX | LOCK_NB)
                        return result != 0 && errno == EWOULDBLOCK ? 1 : result
                    } == 0
            } catch {
                close(descriptor)
                throw error
            }
            if isTaken, Self.isStill(descriptor, at: place.lockPath) {
                self.descriptor = descriptor
                return
            }
            close(descriptor)
            guard ContinuousClock.now < end else {
                throw FlagTargetError(.lock, place.path, errno: EWOULDBLOCK)
            }
            usleep(pause)
            pause = min(pause * 2, 20_000)
        }
    }

    deinit { close(descriptor) }

    /// Opens the lock file for its owner's group too, whatever the process's umask.
    ///
    /// A shared directory is shared with that group; anybody else could only be in the way.
    private static func open(_ place: FilePlace, in files: FileSystem) throws(FlagTargetError) -> Int32 {
        let mode: mode_t = 0o660
        return try files.call(.lock, place.path) { () -> Int32 in
            let descriptor = Glibc.open(place.lockPath, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, mode)
            var status = stat()
            if descriptor >= 0, fstat(descriptor, &status) == 0, status.st_uid == geteuid(),
                status.st_mode & 0o777 != mode
            {
                fchmod(descriptor, mode)
            }
            return descriptor
        }
    }

    /// Somebody may have removed the lock file after it was opened; a lock on that keeps nobody out either.
    private static func isStill(_ descriptor: Int32, at path: String) -> Bool {
        var held = stat()
        var named = stat()
        return fstat(descriptor, &held) == 0 && stat(path, &named) == 0
            && held.st_ino == named.st_ino && held.st_dev == named.st_dev
    }
}
