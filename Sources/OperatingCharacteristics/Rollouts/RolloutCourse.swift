/// How one rollout went.
package struct RolloutCourse: Sendable, Equatable {
    package var end: End
    /// The look that ended it, from 1; the ladder's last where none did.
    package var looks: Int
    /// Requests that failed for the treatment's sake, on average, until a rollback or the ladder's last look.
    package var harm: Double
    /// Whether more clients got the treatment during an incident.
    package var isRaisedInIncident = false

    package enum End: Sendable, Equatable {
        case rolledBack
        /// Everybody has the treatment.
        case promoted
        case held
    }
}

extension Ladder {
    /// One rollout under a rule.
    package func course(of traffic: Traffic, under rule: some RolloutRule) -> RolloutCourse {
        var rule = rule
        var course = RolloutCourse(end: .held, looks: looks, harm: 0)
        guard var position = position(at: 0) else { return course }
        rule.begin(position)
        for look in 0..<looks {
            let minute = traffic.minute(look, at: position)
            course.harm += minute.harm
            let decision = rule.look(at: minute.counts)
            if decision == .rollBack {
                (course.end, course.looks) = (.rolledBack, look + 1)
                return course
            }
            guard decision != .hold, !isHeld else {
                position.looks += 1
                continue
            }
            if traffic.isIncident(look, at: position) { course.isRaisedInIncident = true }
            guard decision == .advance, let next = self.position(at: position.step + 1) else {
                (course.end, course.looks) = (.promoted, look + 1)
                course.harm += (look + 1..<looks).reduce(0) {
                    $0 + traffic.harmOfCompletion(in: $1, at: position)
                }
                return course
            }
            position = next
            rule.begin(position)
        }
        return course
    }
}
