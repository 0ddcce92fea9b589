import Testing

@testable import Analysis

/// The vectors' parameters by their names there, as settings of a comparison.
struct VectorSettings {
    var settings: ComparisonSettings
    /// Looks without usable counts, one after another, that end a rollout: a deadline that is not a comparison's.
    var mostUnusable: Int

    enum Value: Decodable, Sendable {
        case flag(Bool)
        case number(Double)
        case list([Double])

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            if let flag = try? value.decode(Bool.self) {
                self = .flag(flag)
            } else if let number = try? value.decode(Double.self) {
                self = .number(number)
            } else {
                self = .list(try value.decode([Double].self))
            }
        }
    }

    /// Sets every setting, so that this program's own defaults play no part.
    ///
    /// The older file has no names for what came later, which is then as it was before.
    ///
    /// - Throws: Where a parameter is missing, or nobody asked for it.
    init(_ defaults: [String: Value], changed config: [String: Value]) throws {
        var values = defaults.merging(config) { _, changed in changed }
        func value(_ name: String) throws -> Value {
            let value = values.removeValue(forKey: name)
            return try #require(value, "no parameter \(name)")
        }
        func number(_ name: String) throws -> Double {
            guard case .number(let number) = try value(name) else { throw WrongKind(name: name) }
            return number
        }
        func list(_ name: String) throws -> [Double] {
            guard case .list(let list) = try value(name) else { throw WrongKind(name: name) }
            return list
        }
        func number(_ name: String, unless known: Double) throws -> Double {
            values[name] == nil ? known : try number(name)
        }
        func flag(_ name: String) throws -> Bool {
            guard case .flag(let flag) = try value(name) else { throw WrongKind(name: name) }
            return flag
        }
        settings = ComparisonSettings()
        settings.falseAlarms = try number("alpha")
        settings.wrongPromotions = try number("beta")
        settings.harmless = Margin(ratio: try number("rho_r"), addition: try number("delta_r"))
        settings.toleratedRatio = try number("rho_p")
        settings.harmBudget = try number("harm_per_tick")
        settings.toleratedAddition = try number("delta_lo")...number("delta_hi")
        settings.frozenTolerance = try number("rho_frozen")
        let regressions = try list("grid_r")
        settings.regressions =
            values["prior_r"] == nil
            ? .even(regressions) : zip(regressions, try list("prior_r")).map(Alternative.init)
        settings.improvements = .even(try list("grid_p"))
        settings.regressionStakes = ComparisonSettings.Stakes(
            first: try number("w_start"),
            step: try number("w_step"),
            later: values["w_offset"] == nil
                ? .constant(try number("w_tick")) : .shrinking(offset: try number("w_offset"))
        )
        let (first, later) = (try number("wp_start"), try number("wp_tick"))
        settings.improvementStakes = ComparisonSettings.Stakes(
            first: first,
            step: first,
            later: .constant(later)
        )
        let cap = try number("cap")
        settings.mostEvidencePerLook = cap > 0 ? cap : nil
        settings.catastrophe = ComparisonSettings.Threshold(
            share: try number("catastrophic"),
            exposures: try number("catastrophic_n")
        )
        settings.dispersionPrior = try number("phi0")
        settings.dispersionPriorWeight = try number("phi_prior")
        settings.dispersionSafety = try number("phi_safety")
        settings.learnsDispersion = try flag("adaptive_phi")
        settings.baselinePart = try number("frozen_share", unless: 0.1)
        settings.dispersionBand = try number("phi_band", unless: 0)
        let fewLooks = try number("phi0_ticks", unless: Double(Dispersion.fewLooks))
        #expect(Double(Dispersion.fewLooks) == fewLooks)
        settings.holdsDuringIncidents = values["incident_hold"] == nil ? false : try flag("incident_hold")
        let usual = settings.incident
        settings.incident = IncidentWatch.Limit(
            tolerance: try number("incident_tolerance", unless: usual.tolerance),
            factor: try number("incident_factor", unless: usual.factor),
            evidence: try number("incident_evidence", unless: usual.evidence)
        )
        let range = try number("phi_min")...number("phi_max")
        #expect(Dispersion.range == range)
        settings.warmUp = Int(try number("warmup"))
        settings.leastLooks = ComparisonSettings.LeastLooks(
            step: Int(try number("min_bake")),
            last: Int(try number("final_bake"))
        )
        settings.caution = try number("caution")
        settings.silence = Silence.Limit(
            looks: Int(try number("silent_ticks")),
            exposures: try number("silent_expected")
        )
        mostUnusable = Int(try number("blind_limit"))
        try #require(values.isEmpty, "unknown parameters \(values.keys.sorted())")
    }

    struct WrongKind: Error {
        var name: String
    }
}
