import Rollout

/// What counters stood at before a moment, however long ago within a day.
struct EarlierValues {
    private var samples: [Labels: Sample] = [:]
    private var namesDiffer = false

    /// Nothing is known of earlier.
    init() {}

    /// Reads the answer to ``query(_:at:)``.
    ///
    /// - Parameters:
    ///   - elements: The answer.
    ///   - series: The series whose earlier values are looked for.
    ///   - moment: The moment that was asked about.
    init(_ elements: [VectorElement], of series: [MatrixSeries], at moment: Timestamp) {
        namesDiffer = Set(series.map { $0.labels["__name__"] }).count > 1
        for element in elements {
            guard let value = element.value else { continue }
            samples[key(element.labels)] = Sample(at: moment, value: value)
        }
    }

    /// Asks for the last value of every counter in the day before a moment.
    static func query(_ selector: String, at moment: Timestamp) -> InstantQuery {
        InstantQuery(expression: "last_over_time(\(selector)[1d])", at: moment)
    }

    /// The value of one series; nil where it had none, and so is newborn or was silent for more than a day.
    func value(of series: MatrixSeries) -> Sample? { samples[key(series.labels)] }

    /// A function may drop a series' name; where all have the same one, it tells nothing apart.
    private func key(_ labels: Labels) -> Labels {
        namesDiffer ? labels : labels.filter { $0.key != "__name__" }
    }
}
