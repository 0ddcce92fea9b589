import Glibc

/// What the figures were taken on.
enum Machine {
    static var description: String {
        let cores = sysconf(Int32(_SC_NPROCESSORS_ONLN))
        return "sessions under load: \(cores) cores, with the load client on the same machine"
    }
}
