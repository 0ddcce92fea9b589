package import Assignment

/// One decision, as the ledger keeps it.
package struct LedgerEntry: Sendable, Equatable, Codable {
    package var at: Timestamp
    package var flag: String
    package var generation: Int
    package var revision: Int
    package var event: LedgerEvent
    package var phase: Phase
    /// The exposure before the decision.
    package var from: Percentage
    /// The exposure it orders.
    package var to: Percentage
    /// Who asked for it; nil when the controller decided by itself.
    package var actor: String?
    package var reasons: [Reason]
    package var policyDigest: String
    /// Entries in a row with the same key are one record with a count; nil stands alone.
    package var coalescingKey: String?

    package init(
        at: Timestamp,
        flag: String,
        generation: Int,
        revision: Int,
        event: LedgerEvent,
        phase: Phase,
        from: Percentage,
        to: Percentage,
        actor: String? = nil,
        reasons: [Reason],
        policyDigest: String,
        coalescingKey: String? = nil
    ) {
        self.at = at
        self.flag = flag
        self.generation = generation
        self.revision = revision
        self.event = event
        self.phase = phase
        self.from = from
        self.to = to
        self.actor = actor
        self.reasons = reasons
        self.policyDigest = policyDigest
        self.coalescingKey = coalescingKey
    }
}

/// What kind of decision an entry records.
package enum LedgerEvent: String, Sendable, Hashable, Codable, CaseIterable {
    case started
    case adopted
    case confirmed
    case advanced
    case completed
    case held
    case paused
    case resumed
    case promoted
    case rolledBack
    case policyAccepted
    case withdrawn
    case driftAccepted
    case reasserted
}

/// Why something was decided: a stable code for programs, and words for people.
package struct Reason: Sendable, Equatable, Codable {
    /// Kebab case, never reworded: `ceiling-breached`.
    package var code: String
    package var text: String

    package init(code: String, text: String) {
        self.code = code
        self.text = text
    }
}
