/// What a person is told when only a person can go on.
extension Need {
    static func drift(_ drift: Drift) -> Need {
        Need(
            key: "drift-\(drift.code)-\(drift.target)",
            text: "\(drift.target) \(drift.text)",
            command: "resume --accept-drift, or --reassert"
        )
    }

    static func paused(_ cause: PauseCause) -> Need? {
        switch cause {
        // Whoever paused it knows.
        case .person: nil
        case .byHand, .deadline: Need(key: "paused-\(cause.code)", text: cause.text, command: "resume")
        }
    }

    package static let policyChanged = Need(
        key: "policy-changed",
        text: "the policy file differs from the accepted policy",
        command: "accept-policy"
    )

    static func targetUnavailable(_ sighting: Sighting, _ why: String) -> Need {
        Need(key: "target-\(sighting.identity)", text: "\(sighting.identity) cannot be used: \(why)")
    }

    static func clockSkew(_ ahead: Span) -> Need {
        Need(key: "clock-skew", text: Reason.clockSkew(ahead).text)
    }

    static let clockWentBack = Need(key: "clock-went-back", text: Reason.clockWentBack.text)

    /// Blindness is told only where waiting will not help.
    static func blind(_ judgement: Judgement) -> Need? {
        switch judgement.cause {
        case .refused, .ambiguous, .inconsistent, .notFinite:
            Need(
                key: "blind-\(judgement.cause.code)-\(judgement.check)",
                text: "\(judgement.check): \(judgement.text)"
            )
        default: nil
        }
    }

    /// Clients are not split as published: somebody must find out which do not see the flag.
    static func mismatch(_ judgement: Judgement) -> Need {
        Need(
            key: "mismatch-\(judgement.check)",
            text: "\(judgement.check): \(judgement.text)",
            command: "audit"
        )
    }

    static func rolledBack(_ cause: RollbackCause) -> Need? {
        switch cause {
        case .person: nil
        default:
            Need(
                key: "rolled-back",
                text: "rolled back: \(cause.text)",
                command: "start --from-step 1 --reason …"
            )
        }
    }
}
