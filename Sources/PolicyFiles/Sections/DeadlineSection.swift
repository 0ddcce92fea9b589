import Rollout

/// The causes of holding that have a deadline.
enum DeadlinesKey: String, SectionKey {
    case blind, undecided, tooFewSamples, noTraffic

    static let section = "'deadlines'"
}

/// The keys of a deadline that is written out.
enum DeadlineKey: String, SectionKey {
    case after, then

    static let section = "a deadline"
    static let synonyms: [String: DeadlineKey] = ["action": .then, "do": .then, "within": .after]
}

extension Value {
    func deadlines(interval: Span?) -> Deadlines? {
        guard let fields = Fields(self, keys: DeadlinesKey.self) else { return nil }
        let usual = Deadlines()
        func read(_ key: DeadlinesKey, _ usual: Deadline) -> Deadline? {
            fields.optional(key, default: usual) { $0.deadline(usual, interval: interval) }
        }
        let blind = read(.blind, usual.blind)
        let undecided = read(.undecided, usual.undecided)
        let tooFewSamples = read(.tooFewSamples, usual.tooFewSamples)
        let noTraffic = read(.noTraffic, usual.noTraffic)
        guard let blind, let undecided, let tooFewSamples, let noTraffic else { return nil }
        return Deadlines(
            blind: blind,
            undecided: undecided,
            tooFewSamples: tooFewSamples,
            noTraffic: noTraffic
        )
    }

    /// `30m` with the usual action, or `{after: 30m, then: pause}`.
    private func deadline(_ usual: Deadline, interval: Span?) -> Deadline? {
        switch content {
        case .text: return deadlineSpan(interval).map { Deadline(after: $0, action: usual.action) }
        case .list, .empty:
            return fail(
                "wrong-kind",
                "\(name) is \(kind)",
                hint: "write '30m', or '{after: 30m, then: pause}'"
            )
        case .mapping, .broken: break
        }
        guard let fields = Fields(self, keys: DeadlineKey.self) else { return nil }
        let after = fields.optional(.after, default: usual.after) { $0.deadlineSpan(interval) }
        let action = fields.optional(.then, default: usual.action) { $0.oneOf(DeadlineAction.self) }
        guard let after, let action else { return nil }
        return Deadline(after: after, action: action)
    }

    /// A deadline within one interval would pass before anything was asked twice.
    private func deadlineSpan(_ interval: Span?) -> Span? {
        span(atLeast: interval ?? .seconds(1))
    }
}
