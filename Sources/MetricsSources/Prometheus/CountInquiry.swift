import Rollout

/// Counts events exactly from raw samples.
///
/// Up to three rounds: how many series there are, unless that is known from last time to be few; their samples, reaching back past the interval for the sample
/// before it; and, for series without one, their last value of the day before. Above the series limit the second
/// round asks `increase()` instead, which is approximate, and the answer says so.
struct CountInquiry: Inquiry {
    private let selector: String
    private let interval: CountedInterval
    private let staleAfter: Span
    private let seriesLimit: Int
    private var stage: Stage
    private var notes: [String] = []

    private enum Stage: Equatable {
        case sizing
        case sampling
        case approximating(seriesCount: Int)
        case findingBaselines([MatrixSeries])
    }

    /// How far samples are asked back past the interval; scrapes are closer together than that.
    private static let reach = Span.minutes(5)

    /// Counts the events of `selector` in one interval; `knownSeries` is how many series there were last time, and
    /// nil asks first.
    init(
        selector: String,
        from: Timestamp,
        through: Timestamp,
        staleAfter: Span,
        seriesLimit: Int,
        knownSeries: Int? = nil
    ) {
        // Half of the limit leaves room for those that came since.
        stage = (knownSeries ?? .max) <= seriesLimit / 2 ? .sampling : .sizing
        self.selector = selector
        self.staleAfter = staleAfter
        self.seriesLimit = seriesLimit
        interval = CountedInterval(from: from, through: through)
    }

    /// The range asked for, in whole seconds: what is too old is dropped here, not there.
    private var range: Span {
        let exact = interval.through - interval.from + Self.reach
        return .seconds((exact.milliseconds + 999) / 1_000)
    }

    private var rangeStart: Timestamp { interval.through - range }

    func opening() -> Progress {
        guard interval.from < interval.through else {
            return .done(.refused(.request, message: "the interval to count in is empty"))
        }
        return stage == .sampling
            ? ask("\(selector)[\(range)]") : ask("count(last_over_time(\(selector)[\(range)]))")
    }

    mutating func proceed(with replies: [Reply]) -> Progress {
        notes += replies.flatMap(\.infos)
        do throws(Unanswered) {
            switch stage {
            case .sizing: return sized(replies)
            case .sampling: return try sampled(replies)
            case .approximating(let count): return approximated(replies, seriesCount: count)
            case .findingBaselines(let series): return try completed(series, replies)
            }
        } catch {
            return .done(error.outcome, notes: notes)
        }
    }

    private mutating func sized(_ replies: [Reply]) -> Progress {
        let size = replies.first?.number ?? .noData
        guard case .value(let count) = size else { return .done(size, notes: notes) }
        guard count.value > Double(seriesLimit) else {
            stage = .sampling
            return ask("\(selector)[\(range)]")
        }
        let found = Int(min(count.value, 1e9))
        stage = .approximating(seriesCount: found)
        notes.append(
            "counted with increase(), which is approximate: \(found) series are above the limit of \(seriesLimit)"
        )
        let window = interval.through - interval.from
        return ask("sum(increase(\(selector)[\(window)]))", "max(timestamp(\(selector)))")
    }

    private mutating func sampled(_ replies: [Reply]) throws(Unanswered) -> Progress {
        var series = try replies.first?.matrix() ?? []
        if let odd = series.first(where: \.hasHistograms) {
            let message = "\(odd.labels.identity) is a native histogram, not a counter"
            return .done(.refused(.request, message: message), notes: notes)
        }
        // Windows are closed at their start in Prometheus 2 and open in 3: the same samples for both.
        for index in series.indices { series[index].samples.removeAll { $0.at <= rangeStart } }
        guard series.contains(where: { interval.lacksBaseline($0.samples) }) else {
            return counted(series)
        }
        stage = .findingBaselines(series)
        return .ask([EarlierValues.query(selector, at: rangeStart)])
    }

    private func completed(_ series: [MatrixSeries], _ replies: [Reply]) throws(Unanswered) -> Progress {
        let elements = try replies.first?.vector() ?? []
        return counted(series, EarlierValues(elements, of: series, at: rangeStart))
    }

    private func counted(
        _ series: [MatrixSeries],
        _ earlier: EarlierValues = EarlierValues()
    ) -> Progress {
        let counters = series.map { one in
            CounterSeries(
                identity: one.labels.identity,
                samples: one.samples,
                earlier: interval.lacksBaseline(one.samples) ? earlier.value(of: one) : nil
            )
        }
        let outcome = interval.count(counters).outcome(through: interval.through, staleAfter: staleAfter)
        return .done(outcome, notes: notes)
    }

    private func approximated(_ replies: [Reply], seriesCount: Int) -> Progress {
        guard replies.count == 2, case .value(let sum) = replies[0].number else {
            return .done(replies.first?.number ?? .noData, notes: notes)
        }
        switch replies[1].number {
        case .value(let age):
            guard let newest = Timestamp(serverSeconds: age.value) else {
                return .done(.noData, notes: notes)
            }
            guard interval.through - newest <= staleAfter else {
                return .done(.stale(newest: newest), notes: notes)
            }
            let reading = Reading(value: sum.value, newestSample: newest, seriesCount: seriesCount)
            return .done(.value(reading), notes: notes)
        case let other:
            return .done(other, notes: notes)
        }
    }

    private func ask(_ expressions: String...) -> Progress {
        .ask(expressions.map { InstantQuery(expression: $0, at: interval.through) })
    }
}
