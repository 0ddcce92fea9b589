import Glibc

/// The clock that all figures are taken from: nanoseconds since some fixed moment, never set back.
package enum Monotonic {
    package static var now: UInt64 { nanoseconds(of: CLOCK_MONOTONIC) ?? 0 }

    /// What a clock shows; nil when there is no such clock, as of a process that has ended.
    static func nanoseconds(of clock: clockid_t) -> UInt64? {
        var time = timespec()
        guard clock_gettime(clock, &time) == 0 else { return nil }
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
