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

    /// The person behind this invocation: `SUDO_USER`, else the user's name, else the number; at this host.
    var actor: String {
        let person = environment["SUDO_USER"].flatMap { $0.isEmpty ? nil : $0 }
        return "\(person ?? userName ?? "uid \(getuid())")@\(hostName)"
    }

    private var userName: String? {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 4_096) { buffer in
            guard
                let start = buffer.baseAddress,
                getpwuid_r(getuid(), &entry, start, buffer.count, &found) == 0,
                found != nil
            else { return nil }
            return entry.pw_name.map { String(cString: $0) }
        }
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
