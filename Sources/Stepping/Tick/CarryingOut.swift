import Assignment
import Rollout

extension World {
    /// Carries an effect out on every target and returns the state that knows the results.
    ///
    /// A raise stops at the first target that refuses or fails; lowering tries them all.
    func carryOut(
        _ effect: Effect,
        from state: RolloutState,
        seeing sightings: [Sighting]
    ) -> (state: RolloutState, problems: [Problem]) {
        var state = state
        var problems: [Problem] = []
        for target in targets(state.policy) {
            let sighting = sightings.first { $0.identity == target.identity }
            do throws(FlagTargetError) {
                let shown = try target.carryOut(effect.order(replacing: sighting?.allocation))
                state = state.confirming(target.identity, shows: shown, at: clock.now())
            } catch {
                problems.append(.target(identity: target.identity, error))
                if !effect.isLowering { break }
            }
        }
        return (state, problems)
    }
}

extension Effect {
    /// The order to one target that was seen to show `shown`.
    fileprivate func order(replacing shown: Allocation?) -> PublishOrder {
        switch self {
        case .raise(let allocation): .raise(to: allocation, replacing: shown)
        case .lower(let allocation): .lower(to: allocation)
        case .stamp(let revision): .stamp(revision: revision)
        }
    }
}
