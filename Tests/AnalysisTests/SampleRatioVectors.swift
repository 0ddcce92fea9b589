import FoundationEssentials
import TidegateTestKit

/// `srm.json`: what SciPy and Optimizely's ssrm-test say about sample ratios.
struct SampleRatioVectors: Decodable {
    var chiSquare: Table<Split>
    var tail: Table<Tail>
    var critical: Table<Critical>
    var sequential: [Sequence]

    struct Table<Row: Decodable & Sendable>: Decodable, Sendable {
        var results: [Row]
    }

    /// Columns: observed, weights, statistic, degrees of freedom, p, whether all expected counts are 5 or more.
    struct Split: Decodable, Sendable {
        var observed: [Double]
        var weights: [Double]
        var statistic: Double
        var degreesOfFreedom: Int
        var pValue: Double
        var isLargeEnough: Bool

        init(from decoder: any Decoder) throws {
            var row = try decoder.unkeyedContainer()
            observed = try row.decode([Double].self)
            weights = try row.decode([Double].self)
            statistic = try row.decode(Double.self)
            degreesOfFreedom = try row.decode(Int.self)
            pValue = try row.decode(Double.self)
            isLargeEnough = try row.decode(Bool.self)
        }
    }

    /// Columns: x, degrees of freedom, p.
    struct Tail: Decodable, Sendable {
        var x: Double
        var degreesOfFreedom: Int
        var pValue: Double

        init(from decoder: any Decoder) throws {
            var row = try decoder.unkeyedContainer()
            x = try row.decode(Double.self)
            degreesOfFreedom = try row.decode(Int.self)
            pValue = try row.decode(Double.self)
        }
    }

    /// Columns: alpha, degrees of freedom, x.
    struct Critical: Decodable, Sendable {
        var alpha: Double
        var degreesOfFreedom: Int
        var x: Double

        init(from decoder: any Decoder) throws {
            var row = try decoder.unkeyedContainer()
            alpha = try row.decode(Double.self)
            degreesOfFreedom = try row.decode(Int.self)
            x = try row.decode(Double.self)
        }
    }

    /// Batches in their order, and what was known after each.
    struct Sequence: Decodable, Sendable {
        var null: [Double]
        var batches: [[Double]]
        var logBayesFactor: [Double]
        var pValue: [Double]
        var posteriorProbability: [Double]

        private enum CodingKeys: String, CodingKey {
            case null, batches
            case logBayesFactor = "log_bayes_factor"
            case pValue = "p_value"
            case posteriorProbability = "posterior_probability"
        }
    }

    private enum CodingKeys: String, CodingKey {
        case chiSquare = "chi_square"
        case tail = "chi2_sf"
        case critical = "critical_values"
        case sequential
    }

    static func read() throws -> SampleRatioVectors {
        let data = FileManager.default.contents(atPath: Golden.fixtures("Vectors/srm.json")) ?? Data()
        return try JSONDecoder().decode(SampleRatioVectors.self, from: data)
    }
}

/// Whether two numbers agree to a relative 10⁻⁹; below 10⁻³⁰⁰, where SciPy gives 0, both only have to be there.
func agree(_ one: Double, _ other: Double, within tolerance: Double = 1e-9) -> Bool {
    if one.magnitude < 1e-300, other.magnitude < 1e-300 { return true }
    return (one - other).magnitude <= tolerance * max(one.magnitude, other.magnitude)
}
