import Rollout
import Stepping

/// Ticks until the rollout has ended, a person is needed, or somebody says stop.
///
/// It looks more often than an interval ends: a tick that is not due asks no metrics and writes nothing, but shows
/// within a second what another process or a hand has done.
struct ForegroundRun {
    var clock: any WallClock
    /// One tick under the policy file as it is by then.
    var tick: () -> RunLook
    /// Whether somebody said stop; asked many times a second.
    var isStopped: () -> Bool
    var display: any RunDisplay
    var exitsWhenWaiting = false
    var journal: RunJournal

    /// The longest between two looks.
    static let longestPause = Span.seconds(1)
    /// The shortest, however short the policy's interval is.
    static let shortestPause = Span.milliseconds(100)
    /// How soon a stop is noticed where a signal does not end the sleep by itself.
    private static let nap = Span.milliseconds(50)

    /// Runs to the end and says which it was.
    ///
    /// - Parameter opening: What has been looked at already, such as the start of the rollout; nil looks first.
    /// - Returns: The ending that the last moment shown has, too.
    mutating func run(from opening: RunLook? = nil) -> RunEnding {
        var look = opening ?? tick()
        while true {
            let ending = look.ending(exitsWhenWaiting: exitsWhenWaiting)
            display.show(journal.moment(of: look, ending: ending))
            if let ending { return ending }
            guard pause(pause(after: look)) else { break }
            look = tick()
        }
        let farewell = journal.leaving(at: clock.now())
        display.show(farewell)
        return farewell.ending ?? .left
    }

    private func pause(after look: RunLook) -> Span {
        guard let policy = look.report?.state?.policy ?? look.policy else { return Self.longestPause }
        let quarter = Span(milliseconds: policy.interval.milliseconds / 4)
        return quarter.clamped(Self.shortestPause, Self.longestPause)
    }

    /// Waits in short sleeps; false when told to stop.
    private func pause(_ span: Span) -> Bool {
        var left = span
        while left > .zero {
            if isStopped() { return false }
            clock.sleep(min(left, Self.nap))
            left = left - Self.nap
        }
        return !isStopped()
    }
}
