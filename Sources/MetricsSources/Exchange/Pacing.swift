import Glibc
package import Rollout

/// How long to wait before asking again; the randomness keeps many controllers from asking in step.
package struct Pacing: Sendable {
    /// A number from 0 up to the given one.
    package var random: @Sendable (_ upTo: Int64) -> Int64
    package var sleep: @Sendable (Span) -> Void

    package init(
        random: @escaping @Sendable (_ upTo: Int64) -> Int64,
        sleep: @escaping @Sendable (Span) -> Void
    ) {
        self.random = random
        self.sleep = sleep
    }

    /// Anything up to 250 ms after the first try, then twice as much each time, at most 2 s.
    func backoff(after tries: Int) -> Span {
        .milliseconds(random(min(250 << Int64(min(tries - 1, 10)), 2_000)))
    }
}

extension Pacing {
    /// Real time and real randomness.
    package static let real = Pacing(
        random: { .random(in: 0...$0) },
        sleep: { span in
            var left = timespec(
                tv_sec: Int(span.milliseconds / 1_000),
                tv_nsec: Int(span.milliseconds % 1_000) * 1_000_000
            )
            var rest = timespec()
            while nanosleep(&left, &rest) == -1, errno == EINTR { left = rest }
        }
    )
}
