import Glibc

/// How many files, and so connections, a process may open.
package enum OpenFiles {
    /// Raises this process's limit, which its children inherit, to the most it may have.
    ///
    /// - Parameter needed: How many files are needed.
    /// - Throws: ``LoadFailure`` when the most is less than that.
    package static func allow(_ needed: Int) throws(LoadFailure) {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            throw .refused("the limit of open files cannot be read")
        }
        guard limit.rlim_max >= UInt(needed) else {
            throw LoadFailure(
                "\(needed) open files are needed, and the hard limit is \(limit.rlim_max)",
                hint: "fewer --streams, or raise it: ulimit -Hn as root, or LimitNOFILE of the service"
            )
        }
        limit.rlim_cur = limit.rlim_max
        guard setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            throw .refused("the limit of open files cannot be raised")
        }
    }
}
