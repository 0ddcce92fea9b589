import Rollout

/// The documentation page about verbs and phases, written from the table itself.
enum VerbsAndPhasesPage {
    static var text: String {
        let phases = PhaseName.allCases
        let head = "| verb | " + phases.map { "\($0.rawValue)" }.joined(separator: " | ") + " |"
        let rule = "| --- |" + String(repeating: " --- |", count: phases.count)
        let rows = Verb.allCases.map { verb in
            "| `\(verb.rawValue)` | " + phases.map { cell(verb.answer(in: $0)) }.joined(separator: " | ")
                + " |"
        }
        return ([introduction, head, rule] + rows + ["", notes, ""]).joined(separator: "\n")
    }

    private static func cell(_ answer: VerbAnswer) -> String {
        switch answer {
        case .does: "**does**"
        case .nothingToDo(let why): "nothing to do: \(why)"
        case .refuses(let why, let hint): "refuses: \(why) (\(hint))"
        }
    }

    private static let introduction = """
        # Verbs and phases

        What each verb that changes a rollout does in each phase.

        ## Overview

        A verb that *does* goes on to its own conditions, which stand below the table. *Nothing to do* is said and is
        a success. What *refuses* is an error with a hint. Neither changes anything.

        Verbs that only look (`status`, `plan`, `history`, `explain`) work in every phase and are not listed.

        ## The table

        """

    private static let notes = """
        ## Conditions of their own

        - `start` needs every target readable and writable, every question answerable, and clients not exposed yet
          unless it is told to adopt. Out of `rolledBack` it needs a step and a reason. It begins a new generation with
          the policy's salt, above every revision seen.
        - `step` judges while `progressing` or `paused`, advances only while `progressing`, and only watches in the
          other phases.
        - `promote` ends the bake, not the judging: the next tick whose checks are all healthy, on an interval that
          began after the targets settled, goes on.
        - `pause` withdraws a raise that could not be settled, and makes raises ordered earlier fail on the targets.
        - `resume` needs an answer where a target has drifted: `--accept-drift` or `--reassert`. With one, it works
          while `progressing` and in `completed` too; in `ready` and `rolledBack` only reasserting does.
        - `accept-policy` refuses another salt, algorithm, store or set of targets while clients are exposed, and waits
          for orders that are not confirmed yet.
        - `rollback` is always granted, again and again, with or without a readable policy file, and even where the
          state cannot be saved.
        """
}
