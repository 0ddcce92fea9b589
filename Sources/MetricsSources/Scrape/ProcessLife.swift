import Rollout

/// Whether the process behind a page is the one that was there at the last look.
struct ProcessLife: Sendable, Equatable {
    var url: String
    /// In seconds since 1970; nil where the page does not say.
    var start: Double?
    private var remembered: Double?
    /// When the last look was taken, in seconds since 1970.
    private var lookedAt: Double?

    /// Some systems work a process' start out from the clock, and it wavers by a second when that is set.
    private static let waveringSeconds = 2.0
    /// How far the clocks of two hosts may differ.
    private static let skewSeconds = 5.0

    init(of page: Page, at url: String, remembered memory: CounterMemory?) {
        self.url = url
        start = page.processStart
        remembered = memory?.values[Self.key(of: url)]
        lookedAt = memory.map { Double($0.at.millisecondsSinceEpoch) / 1_000 }
    }

    /// What the start is remembered under: no series can be called so.
    var key: String { Self.key(of: url) }

    private static func key(of url: String) -> String { "\(url) #start" }

    static func isKey(_ key: String) -> Bool { key.hasSuffix(" #start") }

    /// A new process has taken the old one's place since the last look: its counters began at 0.
    var isRestarted: Bool { isLater && beganSinceLastLook }

    /// Another process than the one seen last, though it was there already: what it counted before is not known.
    ///
    /// One of several behind the address, or the same one on a host whose clock was set.
    var isUnknown: Bool { isLater && !beganSinceLastLook }

    /// A process that began before the one seen last is not its successor.
    var isAnother: Bool { lateness.map { $0 <= -Self.waveringSeconds } ?? false }

    /// Whether counters that fell since the last look would be no reset: a process that was really replaced begins
    /// later by more than its start may waver.
    var isAnotherWhereCountersFell: Bool {
        lateness.map { $0 != 0 && $0.magnitude < Self.waveringSeconds } ?? false
    }

    private var isLater: Bool { lateness.map { $0 >= Self.waveringSeconds } ?? false }

    private var beganSinceLastLook: Bool {
        guard let start, let lookedAt else { return false }
        return start > lookedAt - Self.skewSeconds
    }

    var objection: String {
        "\(url): the process behind it is not the one seen last, nor its successor, so several seem to answer "
            + "there; name the page of every instance"
    }

    private var lateness: Double? {
        guard let start, let remembered else { return nil }
        return start - remembered
    }
}
