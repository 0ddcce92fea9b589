package import Assignment

/// What one target was seen to show at the beginning of a tick.
package struct Sighting: Sendable, Equatable {
    package var identity: String
    package var shown: Shown

    package init(identity: String, shown: Shown) {
        self.identity = identity
        self.shown = shown
    }

    package enum Shown: Sendable, Equatable {
        case allocation(Allocation)
        /// Nothing about this flag.
        case absent
        /// It could not be read, and why.
        case unavailable(String)
    }

    package var allocation: Allocation? {
        guard case .allocation(let allocation) = shown else { return nil }
        return allocation
    }

    package var isAvailable: Bool {
        if case .unavailable = shown { false } else { true }
    }

    /// How exposed clients are by this target; nil when it cannot be read.
    package var exposure: Percentage? {
        switch shown {
        case .allocation(let allocation): allocation.exposure
        case .absent: .zero
        case .unavailable: nil
        }
    }
}

/// Everything one tick has seen.
package struct Evidence: Sendable, Equatable {
    package var measurements: [Measurement]
    package var sightings: [Sighting]
    /// How far the metrics server's clock is ahead of this host's; negative when behind.
    package var serverClockAhead: Span?
    /// The digest of the policy file as it is now; nil when the verb was given no file.
    package var policyDigest: String?

    package init(
        measurements: [Measurement],
        sightings: [Sighting],
        serverClockAhead: Span? = nil,
        policyDigest: String? = nil
    ) {
        self.measurements = measurements
        self.sightings = sightings
        self.serverClockAhead = serverClockAhead
        self.policyDigest = policyDigest
    }
}
