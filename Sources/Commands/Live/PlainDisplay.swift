import Rollout

/// A run in a log: a line for every judged interval and every event.
struct PlainDisplay: RunDisplay {
    var console: Console
    private var day = ""

    init(console: Console) {
        self.console = console
    }

    mutating func show(_ moment: RunMoment) {
        for line in moment.lines {
            switch line {
            case .judged(let text): write(text, nil, at: moment.at)
            case .event(let text, let colour): write(text, colour, at: moment.at)
            case .notice(let lines): for line in lines { console.notice(line) }
            }
        }
    }

    /// Times alone would be ambiguous after midnight.
    private mutating func write(_ text: String, _ colour: Colour?, at now: Timestamp) {
        let today = String(TimeText.utc(now).prefix(10))
        let head = today == day ? [] : ["\(today), times in UTC"]
        day = today
        let painted = colour.map { console.painted(text, $0) } ?? text
        console.result(head + ["\(TimeText.clock(now)) \(painted)"])
    }
}

/// A run for a program: one object a line for every judged interval, every event and every failure.
struct JSONDisplay: RunDisplay {
    var console: Console

    mutating func show(_ moment: RunMoment) {
        for case .notice(let lines) in moment.lines {
            for line in lines { console.notice(line) }
        }
        if let failure = moment.failure, let text = try? JSONText.encode(FailureView(failure)) {
            console.json(text)
        } else if !moment.lines.isEmpty || moment.ending != nil, let view = moment.view,
            let text = try? JSONText.encode(view)
        {
            console.json(text)
        }
    }
}
