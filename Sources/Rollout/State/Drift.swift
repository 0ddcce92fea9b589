package import Assignment

/// What is wrong with a target that does not show what was last confirmed there.
package enum Drift: Sendable, Equatable {
    /// A person disabled the flag or set it to 0: latched as a rollback.
    case disabledByHand(target: String)
    /// Lowered, but not to 0: paused there, still judged.
    case loweredByHand(target: String, to: Allocation)
    /// More exposed than ordered, or other clients: held for a person.
    case changed(target: String, to: Allocation)
    /// A revision newer than any ordered here: another controller was at work.
    case foreignRevision(target: String, found: Allocation)
    /// The flag is gone from the target.
    case absent(target: String)

    package var target: String {
        switch self {
        case .disabledByHand(let target), .loweredByHand(let target, _), .changed(let target, _),
            .foreignRevision(let target, _), .absent(let target):
            target
        }
    }

    /// The most lowering drift wins when several targets differ: the kind first, then the exposure.
    fileprivate var precedence: (kind: Int, exposure: Percentage) {
        switch self {
        case .disabledByHand: (0, .zero)
        case .loweredByHand(_, let to): (1, to.exposure)
        case .changed(_, let to): (2, to.exposure)
        case .foreignRevision(_, let found): (3, found.exposure)
        case .absent: (4, .zero)
        }
    }
}

extension RolloutState {
    /// How the targets differ from what was last confirmed on them; the weightiest difference, or nil.
    ///
    /// A target that cannot be read is not drift: nothing is known about it.
    package func drift(_ sightings: [Sighting]) -> Drift? {
        sightings.compactMap { sighting -> Drift? in
            guard let record = targets.first(where: { $0.identity == sighting.identity }) else { return nil }
            return record.drift(sighting, newest: revision)
        }
        .min { $0.precedence < $1.precedence }
    }
}

extension TargetRecord {
    fileprivate func drift(_ sighting: Sighting, newest revision: Int) -> Drift? {
        let expected = published?.exposure ?? .zero
        switch sighting.shown {
        case .unavailable: return nil
        case .absent: return expected == .zero ? nil : .absent(target: identity)
        case .allocation(let shown):
            if shown.exposure == .zero { return expected == .zero ? nil : .disabledByHand(target: identity) }
            guard let published, shown.hashes(like: published) else {
                return .changed(target: identity, to: shown)
            }
            if shown.exposure > expected { return .changed(target: identity, to: shown) }
            if shown.exposure < expected { return .loweredByHand(target: identity, to: shown) }
            return shown.revision > revision ? .foreignRevision(target: identity, found: shown) : nil
        }
    }
}
