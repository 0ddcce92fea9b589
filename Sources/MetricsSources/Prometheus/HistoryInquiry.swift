import Rollout

/// Asks what counters counted interval by interval, without extrapolation.
///
/// Up to three rounds for all counters together: how many series each has, which fixes how much history can be had;
/// their values at the points between the intervals; and, for series without one at the first point, their last
/// value of the day before. The points are exactly those of the questions, and the same for all counters of a check:
/// a server evaluates a range at `start`, `start + step` and so on. A value at a point is the newest sample before it,
/// so an event that was read some seconds after a cut counts after it, as it does when the rollout runs.
struct HistoryInquiry {
    private let questions: [HistoryQuestion]
    private let seriesLimit: Int

    /// Values that all answers together may have; what is older than they reach is left out.
    private static let mostValues = 200_000
    /// How old the newest sample before a point may be; longer intervals reach further.
    private static let reach = Span.minutes(5)

    init(questions: [HistoryQuestion], seriesLimit: Int) {
        self.questions = questions
        self.seriesLimit = seriesLimit
    }

    /// One answer a question, in order.
    func answers(from batch: QueryBatch) -> [HistoryAnswer] {
        let counters = sampled(sized(from: batch), from: batch)
        return questions.indices.map { index in
            switch counters[index] {
            case .failure(let unanswered): .unavailable(words(unanswered, questions[index]))
            case .success(let counter): answer(counter, besides: counters, to: questions[index])
            }
        }
    }

    /// A counter and the grid on which it can be had.
    private struct Counter {
        var grid: CountedGrid
        var series: [CounterSeries] = []
    }

    private typealias Answered<Value> = Result<Value, Unanswered>

    // MARK: The rounds

    /// How many series each counter has.
    private func sized(from batch: QueryBatch) -> [Answered<Int>] {
        let queries = questions.map { question in
            let grid = question.grid
            let range = (grid.through - grid.from + reach(of: grid)).upToWholeSeconds
            let expression = "count(last_over_time(\(question.selector)[\(range)]))"
            return InstantQuery(expression: expression, at: grid.through)
        }
        return batch.ask(queries).map { reply in
            switch reply.number {
            case .noData: return .success(0)
            case .value(let count) where count.value > Double(seriesLimit):
                let words = "\(Int(min(count.value, 1e9))) series are above the limit of \(seriesLimit)"
                return .failure(Unanswered(.refused(.request, message: words)))
            case .value(let count): return .success(Int(count.value))
            case let other: return .failure(Unanswered(other))
            }
        }
    }

    /// What the counters showed at the points of their grids, and before.
    private func sampled(_ sizes: [Answered<Int>], from batch: QueryBatch) -> [Answered<Counter>] {
        var counters = questions.indices.map { index in
            sizes[index].map { _ in Counter(grid: grid(of: questions[index], sizes)) }
        }
        let asked = questions.indices.filter { ((try? sizes[$0].get()) ?? 0) > 0 }
        let queries = asked.compactMap { index in
            (try? counters[index].get()).map { query(questions[index].selector, on: $0.grid) }
        }
        var read: [Int: [MatrixSeries]] = [:]
        for (index, reply) in zip(asked, batch.ask(queries)) {
            do throws(Unanswered) {
                read[index] = try reply.matrix()
            } catch {
                counters[index] = .failure(error)
            }
        }
        let earlier = earlierValues(of: read, counters, from: batch)
        for (index, series) in read {
            counters[index] = counters[index].flatMap { counter in
                (earlier[index] ?? .success(EarlierValues())).flatMap { earlier in
                    counted(series, earlier, on: counter.grid)
                }
            }
        }
        return counters
    }

    /// Looks back for those that have a series without a value at the first point.
    private func earlierValues(
        of read: [Int: [MatrixSeries]],
        _ counters: [Answered<Counter>],
        from batch: QueryBatch
    ) -> [Int: Answered<EarlierValues>] {
        let starts = read.keys.sorted().compactMap { index in
            (try? counters[index].get()).map { (index, from: $0.grid.from) }
        }
        let lacking = starts.filter { index, from in
            read[index, default: []].contains { ($0.samples.first?.at ?? from) > from }
        }
        let queries = lacking.map { EarlierValues.query(questions[$0].selector, at: $1) }
        var values: [Int: Answered<EarlierValues>] = [:]
        for ((index, from), reply) in zip(lacking, batch.ask(queries)) {
            do throws(Unanswered) {
                let elements = try reply.vector()
                values[index] = .success(EarlierValues(elements, of: read[index, default: []], at: from))
            } catch {
                values[index] = .failure(error)
            }
        }
        return values
    }

    private func query(_ selector: String, on grid: CountedGrid) -> RangeQuery {
        RangeQuery(
            expression: "last_over_time(\(selector)[\(reach(of: grid).upToWholeSeconds)])",
            from: grid.from,
            through: grid.through,
            step: grid.interval
        )
    }

    private func reach(of grid: CountedGrid) -> Span { max(Self.reach, grid.interval) }

    // MARK: The counters of a check

    /// The grid of a question: that of its check's counter with the most series.
    private func grid(of question: HistoryQuestion, _ sizes: [Answered<Int>]) -> CountedGrid {
        let most = zip(questions, sizes).map { other, size in
            other.check == question.check ? (try? size.get()) ?? 0 : 0
        }.max()
        return question.grid.newest(Self.mostValues / questions.count / max(1, most ?? 1) - 1)
    }

    private func counted(
        _ series: [MatrixSeries],
        _ earlier: EarlierValues,
        on grid: CountedGrid
    ) -> Answered<Counter> {
        if let odd = series.first(where: \.hasHistograms) {
            let message = "\(odd.labels.identity) is a native histogram, not a counter"
            return .failure(Unanswered(.refused(.request, message: message)))
        }
        let counters = series.map { one in
            let isOld = (one.samples.first?.at ?? grid.from) <= grid.from
            return CounterSeries(
                identity: one.labels.identity,
                samples: one.samples,
                earlier: isOld ? nil : earlier.value(of: one)
            )
        }
        return .success(Counter(grid: grid, series: counters))
    }

    private func answer(
        _ counter: Counter,
        besides all: [Answered<Counter>],
        to question: HistoryQuestion
    ) -> HistoryAnswer {
        let together = zip(questions, all).flatMap { other, counter in
            other.check == question.check ? (try? counter.get().series) ?? [] : []
        }
        let grid = counter.grid
        switch grid.counts(counter.series, after: grid.endOfBeginning(of: together)) {
        case .success(let counts):
            return .counts([Double](repeating: 0, count: max(0, question.count - grid.count)) + counts)
        case .failure(let odd):
            let series = ForeignText().quoted(odd.series)
            return .unavailable("\(series) is no counter: it has the value \(SampleText.text(odd.value))")
        }
    }

    private func words(_ unanswered: Unanswered, _ question: HistoryQuestion) -> String {
        unanswered.outcome.failing(through: question.grid.through)?.text ?? "no answer"
    }
}

extension HistoryQuestion {
    fileprivate var grid: CountedGrid { CountedGrid(from: from, interval: interval, count: max(1, count)) }
}

extension Span {
    fileprivate var upToWholeSeconds: Span { .seconds((milliseconds + 999) / 1_000) }
}
