import Rollout

/// Whether the process behind a page is the one that was there at the last look.
struct ProcessLife: Sendable, Equatable {
    var url: String
    /// In seconds since 1970; nil where the page does not say.
    var start: Double?
    private var remembered: Double?

    /// Some systems work a process' start out from the clock, and it wavers by a second when that is set.
    private static let waveringSeconds = 2.0

    init(of page: Page, at url: String, remembered memory: CounterMemory?) {
        self.url = url
        start = page.processStart
        remembered = memory?.values[Self.key(of: url)]
    }

    /// What the start is remembered under: no series can be called so.
    var key: String { Self.key(of: url) }

    private static func key(of url: String) -> String { "\(url) #start" }

    static func isKey(_ key: String) -> Bool { key.hasSuffix(" #start") }

    /// A new process has taken the old one's place: its counters began at 0.
    var isRestarted: Bool { lateness.map { $0 >= Self.waveringSeconds } ?? false }

    /// A process that began before the one seen last is not its successor.
    var isAnother: Bool { lateness.map { $0 <= -Self.waveringSeconds } ?? false }

    var objection: String {
        "\(url): the process behind it began earlier than the one seen last, so several seem to answer there; "
            + "name the page of every instance"
    }

    private var lateness: Double? {
        guard let start, let remembered else { return nil }
        return start - remembered
    }
}
