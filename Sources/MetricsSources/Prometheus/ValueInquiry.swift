import Rollout

/// Asks for the one number of an expression, and in the same round how fresh what it rests on is.
struct ValueInquiry: Inquiry {
    var expression: String
    var at: Timestamp
    var selectors: [String]
    var staleAfter: Span

    func opening() -> Progress {
        .ask(
            ([expression] + selectors.map { "max(timestamp(\($0)))" }).map {
                InstantQuery(expression: $0, at: at)
            }
        )
    }

    mutating func proceed(with replies: [Reply]) -> Progress {
        guard let first = replies.first else { return .done(.noData) }
        let notes = replies.flatMap(\.infos)
        guard case .value(var reading) = first.number else { return .done(first.number, notes: notes) }
        guard !selectors.isEmpty else { return .done(.value(reading), notes: notes) }
        var newest: Timestamp?
        for reply in replies.dropFirst() {
            switch reply.number {
            case .value(let age):
                guard let moment = Timestamp(serverSeconds: age.value) else { continue }
                newest = max(newest ?? moment, moment)
            case .noData, .noSignal: continue
            case let failure: return .done(failure, notes: notes)
            }
        }
        guard let newest else {
            // A number without a single sample behind it: what `or vector(0)` makes of an outage.
            let note = "the expression gave \(reading.value), but none of its selectors has a sample"
            return .done(.noData, notes: notes + [note])
        }
        guard at - newest <= staleAfter else { return .done(.stale(newest: newest), notes: notes) }
        reading.newestSample = newest
        return .done(.value(reading), notes: notes)
    }
}
