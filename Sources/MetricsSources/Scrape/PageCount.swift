import Rollout

/// Counts the events of one selector between two looks at the same pages.
///
/// Pages have no history: what their counters showed at the last look is handed in, and what they show now is handed
/// back to be remembered. A series is told apart by its page and its labels. One that was not there at the last look
/// was born since and counts from 0; so does one whose value fell, and every one of a page whose process restarted.
struct PageCount: Sendable, Equatable {
    var selector: Selector
    /// When the pages were read: the age of a sample without a timestamp.
    var through: Timestamp
    /// The last look; nil before the first.
    var memory: CounterMemory?
    var staleAfter: Span

    /// The most series of one selector: each of them is remembered in the state.
    static let mostSeries = 2_000

    /// A count, or why there is none, and what to remember for the next.
    func count(_ pages: [(url: String, page: Page)]) -> (outcome: Outcome, counters: CounterMemory?) {
        let shown = series(of: pages)
        if let objection = shown.lazy.compactMap(\.objection).first {
            return (.refused(.request, message: ForeignText().quoted(objection, limit: 400)), nil)
        }
        guard shown.count <= Self.mostSeries else {
            let message =
                "\(shown.count) series match, and at most \(Self.mostSeries) can be remembered; "
                + "narrow the selector with more labels"
            return (.refused(.request, message: message), nil)
        }
        let lives = pages.map { ProcessLife(of: $0.page, at: $0.url, remembered: memory) }
        if let other = lives.first(where: { $0.isAnother || hasFallen(shown, $0) }) {
            return (.refused(.request, message: other.objection), nil)
        }
        let restarted = Set(lives.filter(\.isRestarted).map(\.url))
        let interval = CountedInterval(
            from: min(memory?.at ?? through, through - .milliseconds(1)),
            through: through
        )
        let counters = shown.map { one in
            let old = restarted.contains(one.url) ? nil : memory?.values[one.key]
            return CounterSeries(
                identity: one.key,
                samples: [Sample(at: through, value: one.value)],
                earlier: old.map { Sample(at: interval.from, value: $0) }
            )
        }
        let result = interval.count(counters).taken(at: newest(of: shown))
        let outcome = result.outcome(through: through, staleAfter: staleAfter)
        let next = remembering(shown, lives, besides: restarted)
        switch outcome {
        case .value where memory == nil || lives.contains(where: \.isUnknown): return (.firstLook, next)
        case .value, .noData: return (outcome, next)
        default: return (outcome, nil)
        }
    }

    /// Whether counters fell on a page whose process seems to be one of several.
    private func hasFallen(_ shown: [ShownSeries], _ life: ProcessLife) -> Bool {
        guard life.isAnotherWhereCountersFell, let memory else { return false }
        return shown.contains { one in
            one.url == life.url && memory.values[one.key].map { one.value < $0 } ?? false
        }
    }

    /// How old the evidence is: as old as the newest sample of the page that is furthest behind.
    ///
    /// A part of the instances is no evidence about all of them.
    private func newest(of shown: [ShownSeries]) -> Timestamp {
        let ages = Dictionary(grouping: shown, by: \.url).values.compactMap { page in
            page.map { min($0.at ?? through, through) }.max()
        }
        return ages.min() ?? through
    }

    private struct ShownSeries {
        var url: String
        /// What it is remembered under.
        var key: String
        var value: Double
        var at: Timestamp?
        /// Why it cannot be counted.
        var objection: String?
    }

    private func series(of pages: [(url: String, page: Page)]) -> [ShownSeries] {
        let isSelected = selector.prepared()
        return pages.flatMap { url, page in
            page.samples.filter { isSelected($0.labels) }.map { sample in
                ShownSeries(
                    url: url,
                    key: "\(url) \(sample.labels.identity)",
                    value: sample.value,
                    at: sample.at,
                    objection: page.objection(toCounting: sample.labels["__name__"] ?? "")
                )
            }
        }
    }

    /// What the counters show now.
    ///
    /// One that is not shown any more is remembered on, as far as there is room: should it come back, what it
    /// counted before was counted already.
    private func remembering(
        _ shown: [ShownSeries],
        _ lives: [ProcessLife],
        besides restarted: Set<String>
    ) -> CounterMemory {
        var values: [String: Double] = [:]
        for one in shown { values[one.key] = one.value }
        for life in lives { values[life.key] = life.start }
        let vanished = (memory?.values ?? [:]).filter { key, _ in
            values[key] == nil && !ProcessLife.isKey(key)
                && !restarted.contains(String(key.prefix { $0 != " " }))
        }
        let room = max(0, Self.mostSeries - shown.count)
        for (key, value) in vanished.sorted(by: { $0.key < $1.key }).prefix(room) { values[key] = value }
        return CounterMemory(at: through, values: values)
    }
}

extension CountedInterval.Result {
    /// The same count, with the age its samples say they have.
    fileprivate func taken(at newest: Timestamp) -> CountedInterval.Result {
        guard case .counted(let events, _, let seriesCount) = self else { return self }
        return .counted(events: events, newest: newest, seriesCount: seriesCount)
    }
}
