package import Assignment

/// The reading half of a target: all that a dry run is given.
package protocol FlagTargetReading: Sendable {
    /// Names the place: `file:/var/lib/app/flags.json`.
    var identity: String { get }

    /// What the target shows now; nil when it holds nothing about this flag.
    ///
    /// - Throws: ``FlagTargetError/unreadable(_:hint:)`` when there is something, but it cannot be understood;
    ///   ``FlagTargetError/unavailable(_:hint:)`` when it cannot be reached.
    func read() throws(FlagTargetError) -> Allocation?
}

/// A place where an allocation is published.
///
/// Writes are idempotent, fenced by revision, and read back before they report success. The document never goes
/// to an older revision.
package protocol FlagTarget: FlagTargetReading {
    /// Carries out one order and returns what the target shows afterwards; nil when it (still) shows nothing.
    ///
    /// - Throws: ``FlagTargetError/superseded(found:)`` when the document moved on; nothing was written then.
    func carryOut(_ order: PublishOrder) throws(FlagTargetError) -> Allocation?

    /// Proves, without changing what the target shows, that it can be written.
    func probe() throws(FlagTargetError)
}

/// What to do to a published document.
///
/// Only ``raise(to:replacing:)`` can expose anybody new.
package enum PublishOrder: Sendable, Equatable {
    /// Show `to`, provided the document still is what the decision was based on.
    ///
    /// Refused as superseded unless the document equals `replacing` (nil: absent) and its revision is older.
    /// A document that already equals `to` is success.
    case raise(to: Allocation, replacing: Allocation?)

    /// Expose no more than `to`.
    ///
    /// A document that shows less keeps showing less. Disabling is always accepted: where the document's
    /// revision is not older than the order's, the order takes the one after the document's, and an absent
    /// document is written as disabled. Lowering to something enabled is refused as superseded by a newer
    /// document, and leaves an absent one absent.
    case lower(to: Allocation)

    /// Change nothing but the revision, so that a raise ordered earlier is refused.
    ///
    /// Takes the one after the document's where that is not older. An absent document stays absent.
    case stamp(revision: Int)
}

/// Why a target could not be read or written.
package enum FlagTargetError: Error, Sendable, Equatable {
    /// The document is not the one the order was made for. Nothing was written.
    case superseded(found: Allocation?)
    /// There is a document, but it cannot be understood; it was left as it is.
    case unreadable(String, hint: String?)
    /// The place cannot be reached or written: disk full, missing directory, no answer. Retried by later ticks.
    case unavailable(String, hint: String?)
    /// The caller lacks the permission.
    case forbidden(String, hint: String?)
    /// The write was reported done, but reading back shows something else.
    case unconfirmed(found: Allocation?)
}
