import Rollout

/// Asks many questions together, and again where that may help, until one deadline.
struct Retries: Sendable {
    private let deadline: ContinuousClock.Instant
    private let pacing: Pacing

    init(within limit: Span, pacing: Pacing) {
        deadline = .now + .milliseconds(limit.milliseconds)
        self.pacing = pacing
    }

    /// The time that is left; negative when it is up.
    var remaining: Span {
        let (seconds, attoseconds) = (deadline - .now).components
        return Span(milliseconds: seconds * 1_000 + attoseconds / 1_000_000_000_000_000)
    }

    /// Asks each different question until it has an answer or there is no hope of one.
    ///
    /// - Parameters:
    ///   - questions: Each is asked once in a round, however often it stands here.
    ///   - place: Where a question is asked, for messages.
    ///   - ask: One exchange a question, in order.
    /// - Returns: The end of every question.
    func pursue<Question: Hashable, Answer>(
        _ questions: [Question],
        at place: (Question) -> String,
        asking ask: ([Question]) -> [Verdict<Answer>]
    ) -> [Question: Result<Answer, Unanswered>] {
        var ends: [Question: Result<Answer, Unanswered>] = [:]
        var open = questions.reduce(into: [Question]()) { if !$0.contains($1) { $0.append($1) } }
        var tries = 0
        while !open.isEmpty {
            tries += 1
            var waits: [Span] = []
            var again: [(question: Question, failure: Unanswered)] = []
            for (question, verdict) in zip(open, ask(open)) {
                switch decide(verdict, after: tries, at: place(question)) {
                case .end(let end): ends[question] = end
                case .retry(let wait, let failure):
                    again.append((question, failure))
                    waits.append(wait)
                }
            }
            if let wait = waits.max(), wait > .zero { pacing.sleep(wait) }
            guard remaining > .zero else {
                // The sleep took longer than it should: what failed says more than that no time is left.
                for (question, failure) in again { ends[question] = .failure(failure) }
                return ends
            }
            open = again.map(\.question)
        }
        return ends
    }

    private enum Decision<Answer> {
        case end(Result<Answer, Unanswered>)
        /// Once more; the failure stands where no time is left for that.
        case retry(after: Span, orElse: Unanswered)
    }

    private func decide<Answer>(
        _ verdict: Verdict<Answer>,
        after tries: Int,
        at place: String
    ) -> Decision<Answer> {
        switch verdict {
        case .answer(let answer):
            return .end(.success(answer))
        case .refused(let refusal, let message):
            return .end(.failure(Unanswered(.refused(refusal, message: "\(place): \(message)"))))
        case .methodNotAllowed(let message):
            return .retry(after: .zero, orElse: Unanswered(.unreachable(message: "\(place): \(message)")))
        case .again(let message, let allowed, let asked):
            let wait = max(asked ?? .zero, pacing.backoff(after: tries))
            let count = tries == 1 ? "" : " (tried \(tries) times)"
            let later = asked.map { "; it asks to wait \($0)" } ?? ""
            let failure = Unanswered(.unreachable(message: "\(place): \(message)\(later)\(count)"))
            return tries < allowed && wait < remaining
                ? .retry(after: wait, orElse: failure) : .end(.failure(failure))
        }
    }
}

/// The outcome that stands in the place of an answer.
struct Unanswered: Error, Sendable, Equatable {
    var outcome: Outcome

    init(_ outcome: Outcome) { self.outcome = outcome }
}
