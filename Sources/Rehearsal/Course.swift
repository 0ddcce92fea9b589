package import Assignment
package import Rollout

/// How a rehearsed rollout went, from the start to its end.
package struct Course: Sendable, Equatable {
    /// The start and every tick, oldest first.
    package var events: [Event]
    package var end: End
    package var totals: Totals

    /// The start, or one tick.
    package struct Event: Sendable, Equatable {
        /// Since the start.
        package var elapsed: Span
        package var decision: Decision
        /// The share of clients that have the treatment after it.
        package var exposure: Percentage
        package var reasons: [Reason]
        /// What the tick made of each check; empty where nothing was judged.
        package var judgements: [Judgement]
        /// How many of its questions got no usable number.
        package var unanswered: Int
    }

    /// How the rollout ended.
    package enum End: Sendable, Equatable {
        case completed
        case rolledBack(cause: String)
        /// Only a person can go on.
        case waitsForPerson(why: String)
        /// Nothing of the above within the time a rehearsal takes at most.
        case outOfTime
    }

    /// The whole rollout in numbers.
    package struct Totals: Sendable, Equatable {
        package var ticks: Int
        package var duration: Span
        package var largestExposure: Percentage
        /// How long each share was published, 0 % left out; rising shares.
        package var timeAtExposure: [TimeAtExposure]
        package var treated: TreatedRequests
    }

    /// How long a share of clients had the treatment.
    package struct TimeAtExposure: Sendable, Equatable {
        package var exposure: Percentage
        package var time: Span
    }
}

extension Course {
    /// A course from its events; the last one ended it.
    init(_ events: [Event], end: End, treated: TreatedRequests) {
        self.events = events
        self.end = end
        var times: [Percentage: Span] = [:]
        for (event, next) in zip(events, events.dropFirst()) where event.exposure > .zero {
            times[event.exposure, default: .zero] += next.elapsed - event.elapsed
        }
        totals = Totals(
            // The start is none.
            ticks: max(0, events.count - 1),
            duration: events.last?.elapsed ?? .zero,
            largestExposure: events.map(\.exposure).max() ?? .zero,
            timeAtExposure: times.sorted { $0.key < $1.key }
                .map { TimeAtExposure(exposure: $0.key, time: $0.value) },
            treated: treated
        )
    }
}

extension Course {
    /// Events in a row that say the same: holds for the same reason at the same exposure.
    package struct Stretch: Sendable, Equatable {
        /// When the first of them was.
        package var from: Span
        package var count: Int
        /// The last of them.
        package var last: Event
    }

    /// The events with equal holds in a row taken together.
    package var timeline: [Stretch] {
        events.reduce(into: []) { stretches, event in
            if let stretch = stretches.last, stretch.last.isContinued(by: event) {
                stretches[stretches.count - 1].last = event
                stretches[stretches.count - 1].count += 1
            } else {
                stretches.append(Stretch(from: event.elapsed, count: 1, last: event))
            }
        }
    }
}

extension Course.Event {
    fileprivate func isContinued(by next: Self) -> Bool {
        decision == .held && next.decision == .held && exposure == next.exposure
            && reasons.first?.code == next.reasons.first?.code
    }
}
