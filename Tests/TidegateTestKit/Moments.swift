package import Rollout

extension Timestamp {
    /// 2026-01-01T00:00:00Z: where made-up rollouts begin.
    package static let newYear = Timestamp(millisecondsSinceEpoch: 1_767_225_600_000)
}
