import Analysis
import FoundationEssentials
import TidegateTestKit

/// `comparison.json`: what an independent implementation, with 60 digits, makes of the same counts.
struct ComparisonVectors: Decodable, Sendable {
    var meta: Meta
    var twoArms: [TwoArms]
    var oneArm: [OneArm]
    var anytimeBound: [AnytimeBound]
    var dispersion: [History]
    var fewestLooks: [FewestLooks]
    var mean: [Mean]
    var sequences: [VectorSequence]
    var ratioBound: [RatioBoundRow]

    struct Meta: Decodable, Sendable {
        var tolerance: Tolerance
        /// The names of parameters and what they are unless a sequence says otherwise.
        var defaults: [String: VectorSettings.Value]
        /// How many rows every section has, and how many looks all sequences together.
        var counts: [String: Int]
    }

    struct Tolerance: Decodable, Sendable {
        var abs: Double
        var rel: Double

        func allows(_ found: Double, for expected: Double) -> Bool {
            // Infinities have no difference.
            found == expected || (found - expected).magnitude <= abs + rel * expected.magnitude
        }
    }

    struct TwoArms: Decodable, Sendable {
        var a, n, b, m, rho0, rho1, delta: Double
        var logE: Double
    }

    struct OneArm: Decodable, Sendable {
        var a, n, q0, psi: Double
        var logE: Double
    }

    struct AnytimeBound: Decodable, Sendable {
        var x, n, alpha: Double
        var upper: Bool
        var bound: Double
    }

    /// Failures and exposures, interval by interval.
    struct History: Decodable, Sendable {
        var history: [[Double]]
        var phi: Double
    }

    struct FewestLooks: Decodable, Sendable {
        var n, pT, m, pC, alpha: Double
        var ticks: Double
    }

    struct Mean: Decodable, Sendable {
        var logEs: [Double]
        var logE: Double
    }

    /// Looks as n, a, m, b.
    struct RatioBoundRow: Decodable, Sendable {
        var name: String
        var ticks: [[Double]]
        var alpha: Double
        var lower: Bool
        var bound: Double
    }

    private enum CodingKeys: String, CodingKey {
        case meta, sequences
        case twoArms = "twoArmLogE"
        case oneArm = "oneArmLogE"
        case anytimeBound = "anyTimeBound"
        case dispersion = "phiFromHistory"
        case fewestLooks = "waldBoundTicks"
        case mean = "combineMean"
        case ratioBound = "rhoBound"
    }

    static func read() throws -> ComparisonVectors {
        try decoded("../Vectors/comparison.json")
    }

    /// A file beside this one.
    static func decoded<File: Decodable>(_ name: String) throws -> File {
        let path = Golden.fixtures(name, besides: #filePath)
        let decoder = JSONDecoder()
        // The file has the names its own formulas have.
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf",
            negativeInfinity: "-inf",
            nan: "nan"
        )
        return try decoder.decode(File.self, from: FileManager.default.contents(atPath: path) ?? Data())
    }
}

/// A rollout's steps and looks in their order.
struct VectorSequence: Decodable, Sendable {
    var name: String
    /// Parameters that are not the defaults.
    var config: [String: VectorSettings.Value]
    var events: [Event]

    /// One of the three, or a look with what is expected after it.
    struct Event: Decodable, Sendable {
        /// Failures and exposures of the control before the rollout, and the looks they were counted in.
        var setHistory: [Double]?
        var startStep: Step?
        var tick: Tick?
        var expect: Expectation?
    }

    struct Step: Decodable, Sendable {
        var frac: Double?
        var nNext: Double?
        var control: Bool
        var final: Bool
        var slo: Double?
    }

    /// Counts of both arms; nil where nobody knows.
    struct Tick: Decodable, Sendable {
        var n, a, m, b: Double?
        var valid: Bool
    }

    struct Expectation: Decodable, Sendable, Equatable {
        var decision: String
        var logE, logP, phi: Double
        /// What the rollback test is divided by; nil in the older file, as are the next two.
        var phiE: Double?
        /// Evidence of an incident.
        var watch: Double?
        var incident: Bool?
    }
}
