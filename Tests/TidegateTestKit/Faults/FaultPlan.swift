import Synchronization

/// Decides which I/O calls of a run fail, and remembers all that were made.
///
/// Several wrapped ports may share one plan: their calls are then counted in one row, so that a test can ask
/// "what if the k-th call failed" for every k.
package final class FaultPlan: Sendable {
    /// When a failing call fails.
    package enum Moment: Sendable, Hashable, CaseIterable {
        /// Nothing happened.
        case before
        /// The call did its work, but the caller never hears of it.
        case after
    }

    private let decide: @Sendable (_ index: Int, _ name: String) -> Moment?
    private let made = Mutex<[String]>([])

    /// Makes a plan from a rule.
    ///
    /// - Parameter decide: Gets the number of the call (from 0) and its name, such as `store.save`; nil lets
    ///   the call through.
    package init(_ decide: @escaping @Sendable (_ index: Int, _ name: String) -> Moment?) {
        self.decide = decide
    }

    /// Every call works.
    package static var none: FaultPlan { FaultPlan { _, _ in nil } }

    /// Exactly one call fails.
    package static func once(at index: Int, _ moment: Moment = .before) -> FaultPlan {
        FaultPlan { call, _ in call == index ? moment : nil }
    }

    /// The process dies at one call: that one fails, and nothing works afterwards.
    package static func death(at index: Int, _ moment: Moment = .before) -> FaultPlan {
        FaultPlan { call, _ in
            if call == index { return moment }
            return call > index ? .before : nil
        }
    }

    /// Every call of these names fails.
    package static func always(_ names: String..., moment: Moment = .before) -> FaultPlan {
        FaultPlan { _, name in names.contains(name) ? moment : nil }
    }

    /// The names of all calls made so far, in order.
    package var calls: [String] { made.withLock { $0 } }

    /// Counts one call and says whether it fails.
    package func moment(of name: String) -> Moment? {
        let index = made.withLock { calls in
            calls.append(name)
            return calls.count - 1
        }
        return decide(index, name)
    }
}
