import Rollout

/// All that is shown of one moment of a run.
struct RunMoment: Sendable {
    var at: Timestamp
    /// What is new, oldest first.
    var lines: [RunLine]
    /// How the rollout stands; nil while nothing is known of it.
    var view: RolloutView?
    /// What went wrong in the look itself, when it is told now.
    var failure: Failure?
    var panel: RunPanel
    /// Set in the last moment.
    var ending: RunEnding?
}

/// One piece of news.
enum RunLine: Sendable, Equatable {
    /// A judged interval that changed nothing.
    case judged(String)
    /// Something happened.
    case event(String, Colour)
    /// What a person must know even when quiet, in lines as they are printed to standard error.
    case notice([String])
}

/// Where a run shows what happens.
protocol RunDisplay {
    /// Shows one moment; the last one has an ending.
    mutating func show(_ moment: RunMoment)
}
