import Assignment
import Rollout

extension RehearsalView {
    /// The rehearsal as a timeline, at most 80 columns where names allow it.
    func text(_ console: Console) -> [String] {
        let title = "\(flag): rehearsal of '\(scenario)', seed \(seed)"
        return [title] + paragraph("policy", policy) + paragraph("scenario", summary)
            + [line("traffic", "\(NumberText.decimal(requestsPerSecond, places: 3)) requests/s")]
            + [""] + timeline(console) + [""] + summaryLines + endLines(console)
    }

    // MARK: The timeline

    private func timeline(_ console: Console) -> [String] {
        let times = events.map(\.elapsed.clockText)
        let words = events.map(\.words)
        let shares = events.map { "\($0.exposure)" }
        let timeWidth = times.map(\.count).max() ?? 0
        let wordWidth = words.map(\.count).max() ?? 0
        let shareWidth = shares.map(\.count).max() ?? 0
        return events.indices.flatMap { index -> [String] in
            let time = "  " + times[index].paddedLeft(to: timeWidth) + "  "
            let word = words[index].padded(to: wordWidth)
            let share = "  " + shares[index].paddedLeft(to: shareWidth) + "  "
            var lines = Paragraph.lines(events[index].reasons.first?.text ?? "", after: time + word + share)
            let rest = lines[0].dropFirst(time.count + word.count)
            lines[0] = time + console.painted(word, events[index].decision.colour) + rest
            return lines
        }
    }

    // MARK: What it came to

    private var summaryLines: [String] {
        let ticks = totals.ticks == 1 ? "1 tick" : "\(NumberText.count(Double(totals.ticks))) ticks"
        let times = totals.timeAtExposure.map { "\($0.exposure) for \($0.time.clockText)" }
        let exposed = times.isEmpty ? "nobody" : times.joined(separator: ", ")
        let failed = NumberText.count(Double(totals.failedTreatedRequests))
        let treated = NumberText.count(Double(totals.treatedRequests))
        return [line("took", "\(totals.duration.clockText) and \(ticks)")]
            + paragraph("exposed", "\(exposed); at most \(totals.largestExposure)")
            + paragraph("cost", "\(failed) of \(treated) requests with the treatment failed")
    }

    private func endLines(_ console: Console) -> [String] {
        let words = end.outcome.words
        var lines = paragraph("end", end.why.map { "\(words): \($0)" } ?? words)
        lines[0] = lines[0].replacing(
            words,
            with: console.painted(words, end.outcome.colour),
            maxReplacements: 1
        )
        return lines
    }

    private func line(_ label: String, _ text: String) -> String { Self.head(label) + text }

    private func paragraph(_ label: String, _ text: String) -> [String] {
        Paragraph.lines(text, after: Self.head(label))
    }

    private static func head(_ label: String) -> String { "  " + label.padded(to: 8) + " " }
}

extension RehearsalView.EventView {
    /// `advanced`, or `held ×4`.
    fileprivate var words: String { count > 1 ? "\(decision.words) ×\(count)" : decision.words }
}

extension RehearsalView.EndView.Outcome {
    fileprivate var words: String {
        switch self {
        case .completed: "completed"
        case .rolledBack: "rolled back"
        case .waitsForPerson: "waits for a person"
        case .outOfTime: "out of time"
        }
    }

    fileprivate var colour: Colour {
        switch self {
        case .completed: .green
        case .rolledBack: .red
        case .waitsForPerson, .outOfTime: .yellow
        }
    }
}

extension Decision {
    fileprivate var colour: Colour {
        switch self {
        case .started, .adopted, .advanced, .completed: .green
        case .rolledBack: .red
        case .paused: .yellow
        case .notStarted, .nothingNew, .held, .resumed, .promoted, .policyAccepted, .finished, .lostRace:
            .faint
        }
    }
}

extension Span {
    /// Hours, minutes and seconds as on a stop watch: `0s`, `7m`, `1h02m`, `1h02m30s`.
    var clockText: String {
        guard milliseconds.isMultiple(of: 1_000), self > .zero else { return description }
        let (minutes, seconds) = (milliseconds / 1_000).quotientAndRemainder(dividingBy: 60)
        let (hours, restMinutes) = minutes.quotientAndRemainder(dividingBy: 60)
        var text = hours > 0 ? "\(hours)h" : ""
        if minutes > 0 { text += (hours > 0 ? Self.twoDigits(restMinutes) : "\(restMinutes)") + "m" }
        if seconds > 0 || minutes == 0 {
            text += (minutes > 0 ? Self.twoDigits(seconds) : "\(seconds)") + "s"
        }
        return text
    }

    private static func twoDigits(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

extension String {
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }

    fileprivate func paddedLeft(to width: Int) -> String {
        String(repeating: " ", count: max(0, width - count)) + self
    }
}
