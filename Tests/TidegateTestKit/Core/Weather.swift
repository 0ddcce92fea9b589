package import Rollout

/// What a made-up service's metrics say to a question.
package struct Weather: Sendable {
    package var answer: @Sendable (MetricQuestion) -> Outcome

    package init(_ answer: @escaping @Sendable (MetricQuestion) -> Outcome) {
        self.answer = answer
    }

    /// Enough traffic, no failure at all; queries yield 0.05.
    package static let healthy = counting(failures: 0, of: 6_000, value: 0.05)
    /// Every twentieth request fails; queries yield 9.
    package static let failing = counting(failures: 300, of: 6_000, value: 9)

    /// Counts are the same for every interval, however long; the newest sample is as new as can be.
    ///
    /// One client in ten has the treatment. Of those `failures` of `exposures` fail, of the others `controlFailures`.
    package static func counting(
        failures: Double,
        of exposures: Double,
        value: Double = 0.05,
        controlFailures: Double = 0
    ) -> Weather {
        Weather { question in
            let number =
                switch question.role {
                case .failures: failures
                case .exposures: exposures
                case .value: value
                case .treatment, .treatmentExposures: exposures / 10
                case .control, .controlExposures: exposures - exposures / 10
                case .treatmentFailures: failures / 10
                case .controlFailures: controlFailures
                case .treatmentInTime: (exposures - failures) / 10
                case .controlInTime: exposures - exposures / 10 - controlFailures
                }
            return .value(Reading(value: number, newestSample: question.through))
        }
    }

    /// The same outcome for every question.
    package static func always(_ outcome: Outcome) -> Weather { Weather { _ in outcome } }

    /// This weather, except for the questions of one check.
    package func except(_ check: String, _ other: Weather) -> Weather {
        Weather { $0.check == check ? other.answer($0) : answer($0) }
    }

    /// This weather, except for one role.
    package func except(_ role: MetricQuestion.Role, _ outcome: Outcome) -> Weather {
        Weather { $0.role == role ? outcome : answer($0) }
    }

    package func measurements(of questions: [MetricQuestion]) -> [Measurement] {
        questions.map { Measurement(question: $0, outcome: answer($0)) }
    }
}

extension MetricQuestion {
    /// The moment asked about.
    package var through: Timestamp {
        switch subject {
        case .count(_, _, let through): through
        case .value(_, let at, _): at
        }
    }
}
