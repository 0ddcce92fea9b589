/// Whether the control itself fails far more often than it used to.
///
/// Such an incident is not the treatment's, and nobody is rolled back for it. But a treatment is not promoted either
/// while the service is not itself: what is harmless beside a burning control says little about a healthy day, and an incident that
/// adds as many failures to both arms hides those of the treatment.
/// A cumulative sum of evidence (Page 1954) that notices a sudden rise within a look or a few, and its end as soon.
package struct IncidentWatch: Sendable, Equatable, Codable {
    /// What the control used to count, the last hours weighing most.
    package private(set) var past: ArmCount
    /// Evidence that it now fails more often, in nats; 0 or more.
    package private(set) var evidence = 0.0

    /// Looks after which what was counted weighs a third.
    private static let memory = 120.0
    private static let weightOfIncidents = 0.1

    /// Begins with what the control counted before.
    ///
    /// - Parameters:
    ///   - history: Of all looks together.
    ///   - looks: How many those were; 0 or more.
    init(history: ArmCount, over looks: Int) {
        let part = looks > 0 ? min(1, Self.memory / Double(looks)) : 0
        past = ArmCount(exposures: history.exposures * part, failures: history.failures * part)
    }

    /// When a rise is an incident.
    package struct Limit: Sendable, Equatable {
        /// How many times its past share the control may fail by the hour of the day, above 1.
        package var tolerance: Double
        /// How many times that the watch is most sensitive to, above 1.
        package var factor: Double
        /// Nats.
        package var evidence: Double
    }

    /// Takes one more look into account, `dispersion` being φ.
    mutating func look(at control: ArmCount, dispersion: Double, against limit: Limit) {
        if past.exposures > 0 {
            let share = limit.tolerance * (past.failures + 0.5) / (past.exposures + 1)
            let gained =
                LogEValue.oneArm(control, against: min(share, 0.99), factor: limit.factor) / dispersion
            // Kept within twice the limit, so that the end of a long incident shows as soon as its beginning.
            evidence = (evidence + gained).clamped(to: 0...2 * limit.evidence)
        }
        let kept = 1 - 1 / Self.memory
        // An incident does not become the rule in minutes; after hours it is one.
        let weight = isIncident(by: limit) ? Self.weightOfIncidents : 1
        past = ArmCount(
            exposures: past.exposures * kept + control.exposures * weight,
            failures: past.failures * kept + control.failures * weight
        )
    }

    func isIncident(by limit: Limit) -> Bool { evidence >= limit.evidence }
}
