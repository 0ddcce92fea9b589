import Dispatch
import Synchronization

/// Runs two bodies on threads of their own, one at a time, changing over exactly where a schedule says.
///
/// A body calls ``turn(of:)`` before everything it does that the other could notice. The calls of both are
/// counted in one row; at the positions of the schedule the other body goes on. One that ends hands over.
package final class Turns: Sendable {
    package enum Side: Int, Sendable {
        case first, second

        fileprivate var other: Side { self == .first ? .second : .first }
    }

    private struct Progress {
        var calls = 0
        var finished: Set<Side> = []
    }

    private let changes: Set<Int>
    private let progress = Mutex(Progress())
    private let gates = [DispatchSemaphore(value: 0), DispatchSemaphore(value: 0)]

    /// Makes a schedule that changes over before the calls with these numbers, from 0.
    package init(changingAt changes: Set<Int>) {
        self.changes = changes
    }

    /// Runs both to their end and returns how many calls they made together; the first begins.
    @discardableResult
    package func run(_ first: @escaping @Sendable () -> Void, _ second: @escaping @Sendable () -> Void) -> Int
    {
        gates[Side.first.rawValue].signal()
        Threads.run([{ self.run(.first, first) }, { self.run(.second, second) }])
        return progress.withLock { $0.calls }
    }

    private func run(_ side: Side, _ body: () -> Void) {
        gates[side.rawValue].wait()
        body()
        progress.withLock { _ = $0.finished.insert(side) }
        gates[side.other.rawValue].signal()
    }

    /// Counts one call of a body; comes back when it is that body's turn.
    ///
    /// - Parameters:
    ///   - side: The body that calls.
    ///   - yielding: Hand over wherever the schedule stands, as a body does that sleeps.
    package func turn(of side: Side, yielding: Bool = false) {
        let changesOver = progress.withLock { progress in
            defer { progress.calls += 1 }
            let isDue = yielding || changes.contains(progress.calls)
            return isDue && !progress.finished.contains(side.other)
        }
        guard changesOver else { return }
        gates[side.other.rawValue].signal()
        gates[side.rawValue].wait()
    }

    /// A plan without faults that takes a turn before every call.
    package func plan(_ side: Side) -> FaultPlan {
        FaultPlan { _, _ in
            self.turn(of: side)
            return nil
        }
    }
}
