import Glibc

/// How many streams this process can hold open.
package enum StreamCapacity {
    /// What everything else needs: requests, files, and connections that are about to be told to go.
    private static let reserve = 512

    /// As many as are wanted and the process may open files for; at least one.
    package static func of(_ wanted: Int) -> Int {
        guard let files = openFiles() else { return wanted }
        return max(1, min(wanted, files - reserve))
    }

    /// Lets the process open as many files as it may ask for.
    ///
    /// The limit it starts with is there for programs that use `select`.
    package static func raiseOpenFiles() {
        var limit = rlimit()
        guard getrlimit(files, &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
        limit.rlim_cur = limit.rlim_max
        // What cannot be raised stays, and bounds the streams.
        _ = setrlimit(files, &limit)
    }

    private static let files = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)

    private static func openFiles() -> Int? {
        var limit = rlimit()
        guard getrlimit(files, &limit) == 0 else { return nil }
        return Int(clamping: limit.rlim_cur)
    }
}
