import Rollout

/// One question on its way through as many rounds as its answer needs; pure, so that rounds can be replayed.
protocol Inquiry {
    /// What to ask first; empty when the answer is known already.
    func opening() -> Progress

    /// Takes the replies to what was asked last, one each, in order.
    mutating func proceed(with replies: [Reply]) -> Progress
}

/// What an inquiry needs next.
enum Progress: Sendable, Equatable {
    case ask([InstantQuery])
    case done(Outcome, notes: [String])

    static func done(_ outcome: Outcome) -> Progress { .done(outcome, notes: []) }

    /// What is to be asked; nothing when it is done.
    var queries: [InstantQuery] {
        if case .ask(let queries) = self { queries } else { [] }
    }
}

extension Reply {
    /// The one number that was asked for, as an outcome; the reading has neither age nor count yet.
    var number: Outcome {
        guard case .answer(let answer) = self else { return failure }
        guard answer.warnings.isEmpty else { return .partial(warnings: answer.warnings) }
        switch answer.result {
        case .scalar(let value):
            return Self.classified(value)
        case .vector(let elements):
            guard elements.count <= 1 else {
                return .ambiguous(series: Self.shortened(elements.map(\.labels.identity).sorted()))
            }
            guard let element = elements.first else { return .noData }
            guard let value = element.value else {
                return .refused(.request, message: "the expression yields a native histogram, not a number")
            }
            return Self.classified(value)
        case .matrix:
            return .refused(.request, message: "the expression yields samples over a range, not one number")
        case .string:
            return .refused(.request, message: "the expression yields a text, not a number")
        }
    }

    /// Why there is no answer.
    private var failure: Outcome {
        if case .failure(let outcome) = self { outcome } else { .noData }
    }

    var infos: [String] {
        if case .answer(let answer) = self { answer.infos } else { [] }
    }

    /// Samples over a range; or the outcome that stands in their place.
    func matrix() throws(Unanswered) -> [MatrixSeries] {
        guard case .answer(let answer) = self else { throw Unanswered(failure) }
        guard answer.warnings.isEmpty else { throw Unanswered(.partial(warnings: answer.warnings)) }
        switch answer.result {
        case .matrix(let series): return series
        case .vector(let elements) where elements.isEmpty: return []
        case .vector, .scalar, .string:
            throw Unanswered(.refused(.request, message: "the selector does not select counters"))
        }
    }

    /// One value of each of many series; or the outcome that stands in their place.
    func vector() throws(Unanswered) -> [VectorElement] {
        guard case .answer(let answer) = self else { throw Unanswered(failure) }
        guard answer.warnings.isEmpty else { throw Unanswered(.partial(warnings: answer.warnings)) }
        guard case .vector(let elements) = answer.result else {
            throw Unanswered(.refused(.malformed, message: "one value a series was asked for"))
        }
        return elements
    }

    private static func classified(_ value: Double) -> Outcome {
        if value.isNaN { return .noSignal }
        if value.isInfinite { return .notFinite(text: SampleText.text(value)) }
        return .value(Reading(value: value))
    }

    /// Enough to recognise the mistake, not thousands of lines.
    private static func shortened(_ series: [String]) -> [String] {
        guard series.count > 10 else { return series }
        return series.prefix(10) + ["… and \(series.count - 10) more"]
    }
}
