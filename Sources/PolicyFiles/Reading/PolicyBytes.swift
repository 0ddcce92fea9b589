import Glibc

/// Why a policy file could not be read from the disk.
package struct PolicyUnreadable: Error, Sendable, Equatable {
    package var path: String
    package var reason: Reason

    package init(path: String, reason: Reason) {
        self.path = path
        self.reason = reason
    }

    package enum Reason: Sendable, Equatable {
        case missing
        case forbidden
        case directory
        /// The system's own words.
        case failed(String)
    }

    /// What happened, without the hint.
    package var message: String {
        switch reason {
        case .missing: "there is no policy \(path)"
        case .forbidden: "the policy \(path) may not be read"
        case .directory: "\(path) is a directory, not a policy"
        case .failed(let words): "the policy \(path) cannot be read: \(words)"
        }
    }

    package var hint: String? {
        switch reason {
        case .missing: "check the path; cron starts in another directory than a shell"
        case .forbidden: "give its user the permission, or run as another user"
        case .directory: "name a file in it"
        case .failed: nil
        }
    }
}

/// The bytes of a policy on the disk.
enum PolicyBytes {
    /// Reads at most one byte more than a policy may have, from a file, a pipe or standard input.
    static func read(_ path: String) throws(PolicyUnreadable) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable(path, errno) }
        defer { close(descriptor) }
        var status = stat()
        if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
            throw PolicyUnreadable(path: path, reason: .directory)
        }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 * 1_024)
        while bytes.count <= PolicyFile.largest {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw unreadable(path, errno) }
            guard count > 0 else { break }
            bytes += chunk.prefix(count)
        }
        return bytes
    }

    /// The folder of a file, absolute and without symbolic links, so that it does not depend on the way there.
    ///
    /// The file's own link is not followed: a mounted configuration links to a folder that changes its name.
    static func folder(of path: String) throws(PolicyUnreadable) -> String {
        guard let resolved = realpath(PolicyPath.folder(of: path), nil) else { throw unreadable(path, errno) }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    private static func unreadable(_ path: String, _ code: Int32) -> PolicyUnreadable {
        let reason: PolicyUnreadable.Reason =
            switch code {
            case ENOENT, ENOTDIR: .missing
            case EACCES, EPERM: .forbidden
            case EISDIR: .directory
            default: .failed(String(cString: strerror(code)))
            }
        return PolicyUnreadable(path: path, reason: reason)
    }
}
