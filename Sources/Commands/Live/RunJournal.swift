import Assignment
import Rollout
import Stepping

/// Makes news out of one look after the other: remembers what was last seen and what has been told.
struct RunJournal: Sendable {
    /// The rollout as it is named in a command.
    let subject: String
    private var standing: Standing?
    private var state: RolloutState?
    private var view: RolloutView?
    private var need: Need?
    private var toldTroubles: [String: Timestamp] = [:]
    private var latest: RunPanel.Latest?
    private var strains: [String: [Double]] = [:]

    /// What others may change between two looks.
    private struct Standing: Sendable, Equatable {
        var phase: Phase
        var exposure: Percentage
        var generation: Int
    }

    /// How often trouble that lasts is told again.
    private static let reminder = Span.hours(1)
    /// How many values of a check are remembered: as many as a wide terminal shows.
    private static let mostValues = 60

    init(subject: String) {
        self.subject = subject
    }

    /// What a look brought.
    mutating func moment(of look: RunLook, ending: RunEnding?) -> RunMoment {
        var lines: [RunLine] = []
        let troubles = look.troubles
        lines += tell(troubles, at: look.at)
        let isFailureTold = lines.contains { if case .notice = $0 { true } else { false } }
        if let report = look.report { lines += news(of: report, look, ending) }
        var failure: Failure?
        if case .failure(let error) = look.result, isFailureTold { failure = Failure(error) }
        return RunMoment(
            at: look.at,
            lines: lines,
            view: view,
            failure: failure,
            panel: panel(at: look.at, troubles: troubles, ending: ending),
            ending: ending
        )
    }

    /// The last moment of a run that was told to stop.
    ///
    /// A rollback that has not reached every target yet is a rollback all the same.
    mutating func leaving(at now: Timestamp) -> RunMoment {
        let ending: RunEnding = view?.phase == .rolledBack ? .rolledBack : .left
        view?.exitStatus = ending.status.rawValue
        return RunMoment(
            at: now,
            lines: [.notice([farewell(ending)])],
            view: view,
            panel: panel(at: now, troubles: [], ending: ending),
            ending: ending
        )
    }

    private func farewell(_ ending: RunEnding) -> String {
        let flag = view?.flag ?? "the rollout"
        if case .rolledBack = ending {
            return
                "\(flag) is rolled back, but not on every target yet; let 'tidegate step \(subject)' go on trying"
        }
        let exposure = view.map { " at \($0.exposure)" } ?? " as it is"
        return """
            \(flag) stays\(exposure) and nobody watches it now; go on with 'tidegate run \(subject)', \
            or let cron call 'tidegate step \(subject)', or 'tidegate rollback \(subject)'
            """
    }

    // MARK: What happened

    private mutating func news(of report: TickReport, _ look: RunLook, _ ending: RunEnding?) -> [RunLine] {
        let view = RolloutView(
            kind: "run",
            report: report,
            policy: look.policy,
            flag: look.flag,
            subject: subject,
            status: ending?.status ?? .fine
        )
        let former = standing
        standing = report.state.map {
            Standing(phase: $0.phase, exposure: $0.confirmed.exposure, generation: $0.generation)
        }
        (self.view, state) = (view, report.state)
        remember(report)
        var lines: [RunLine] = []
        if let own = view.decisionLine {
            lines.append(own)
        } else if standing != former {
            let isNewRollout = former.map { $0.generation != standing?.generation } ?? false
            lines.append(view.standingLine(isFirst: former == nil, isNewRollout: isNewRollout))
        }
        if case .event(let text, let colour) = lines.first {
            latest = RunPanel.Latest(at: report.at, text: text, colour: colour)
        }
        if !report.judgements.isEmpty, report.decision == .held {
            lines.append(.judged(view.judgedLine))
            latest = RunPanel.Latest(at: report.at, text: view.judgedHead, colour: nil)
        }
        return lines + tell(report, look, ending)
    }

    private mutating func remember(_ report: TickReport) {
        guard let policy = report.state?.policy else { return }
        let progress = report.judgements.map(\.progress)
        for (check, own) in zip(policy.checks, progress) {
            let harm = check.isComparison ? policy.evidenceOfHarm(in: progress)?.progress : nil
            guard let strain = harm ?? own.latest?.value.flatMap(check.strain) else { continue }
            strains[check.name, default: []].append(strain)
            strains[check.name] = strains[check.name]?.suffix(Self.mostValues)
        }
    }

    // MARK: What a person must know

    /// A need is told when it is first met, and again when the tick says so: once an hour.
    private mutating func tell(_ report: TickReport, _ look: RunLook, _ ending: RunEnding?) -> [RunLine] {
        var current = report.need
        if ending == .rolledBack, current == nil {
            let cause = view?.phaseReason.map { ": \($0)" } ?? ""
            current = Need(
                key: "rolled-back",
                text: "rolled back\(cause)",
                command: "start --from-step 1 --reason …"
            )
        }
        // The fault itself is told: the file cannot be accepted as it is.
        if look.fault != nil, current == .policyChanged { current = nil }
        guard let current else {
            // A tick that looked at nothing new neither tells nor forgets.
            if report.decision != .nothingNew { need = nil }
            return []
        }
        defer { need = current }
        guard report.tells || need?.key != current.key else { return [] }
        return [.notice([current.line(flag: look.flag, subject: subject)])]
    }

    /// Trouble is told when it begins, once an hour while it lasts, and when it is over.
    private mutating func tell(_ troubles: [[String]], at now: Timestamp) -> [RunLine] {
        let keys = Set(troubles.map { $0.joined() })
        let over = toldTroubles.keys.filter { !keys.contains($0) }
        for key in over { toldTroubles[key] = nil }
        let isOver = !over.isEmpty && toldTroubles.isEmpty && troubles.isEmpty
        let news = troubles.filter { trouble in
            toldTroubles[trouble.joined()].map { now - $0 >= Self.reminder } ?? true
        }
        for trouble in news { toldTroubles[trouble.joined()] = now }
        return (isOver ? [.event("works again", .green)] : []) + news.map { .notice($0) }
    }

    // MARK: How it stands

    private func panel(at now: Timestamp, troubles: [[String]], ending: RunEnding?) -> RunPanel {
        var panel = RunPanel(view: view, ending: ending)
        panel.elapsed = state.map { max(.zero, now - $0.startedAt).wholeSeconds }
        panel.latest = latest
        panel.need = need.map { RunPanel.Need(text: $0.text, command: $0.commandLine(subject)) }
        panel.troubles = troubles.compactMap(\.first)
        if let state, let view {
            panel.gauges = zip(state.policy.checks, view.checks).map { check, shown in
                CheckGauge(check, shown, strains: strains[check.name] ?? [])
            }
            if ending == nil { panel.next = state.nextText(at: now, subject: subject) }
        }
        return panel
    }
}

extension RunLook {
    /// What could not be done, each in the lines a person reads.
    fileprivate var troubles: [[String]] {
        let fault = fault.map { [$0.lines] } ?? []
        switch result {
        case .failure(let error): return fault + [Failure(error).lines]
        case .success(let report):
            return fault
                + report.problems.map { problem in
                    ["error: \(problem.text)"] + (problem.hint.map { ["hint: \($0)"] } ?? [])
                }
        }
    }
}
