import Glibc
import Rollout
import Stepping

/// The host's wall clock.
struct SystemClock: WallClock {
    func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(millisecondsSinceEpoch: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
    }

    func sleep(_ span: Span) {
        usleep(UInt32(clamping: span.milliseconds * 1_000))
    }
}

/// Who and where this process is.
struct Host: Sendable {
    var environment: [String: String]

    /// The person behind this invocation: `SUDO_USER`, else the login name, else the user number; at this host.
    var actor: String {
        let candidates = ["SUDO_USER", "LOGNAME", "USER"].lazy.compactMap { environment[$0] }
        let name = candidates.first { !$0.isEmpty } ?? "uid \(getuid())"
        return "\(name)@\(hostName)"
    }

    private var hostName: String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
            guard let start = buffer.baseAddress, gethostname(start, buffer.count - 1) == 0 else {
                return "unknown"
            }
            buffer[buffer.count - 1] = 0
            return String(cString: start)
        }
    }
}
