/// A share of clients, in steps of a thousandth of a percent: 0 % to 100 %.
///
/// Held as a whole number of buckets out of ``bucketCount``, so that comparing and publishing a share never
/// depends on floating point.
public struct Percentage: Sendable, Hashable {
    /// How many buckets clients are sorted into; 100 % is all of them.
    public static let bucketCount: UInt32 = 100_000

    /// Nobody.
    public static let zero = Percentage(exactly: 0)
    /// Everybody.
    public static let hundred = Percentage(exactly: bucketCount)

    /// How many of the 100,000 buckets are treated.
    public let buckets: UInt32

    private init(exactly buckets: UInt32) {
        self.buckets = buckets
    }

    /// A share as a number of treated buckets; nil above 100,000.
    public init?(buckets: UInt32) {
        guard buckets <= Self.bucketCount else { return nil }
        self.init(exactly: buckets)
    }

    /// A share in percent; nil outside 0…100, when not finite, or when finer than a thousandth of a percent.
    public init?(percent: Double) {
        guard percent.isFinite, percent >= 0, percent <= 100 else { return nil }
        let scaled = percent * 1_000
        // Rounded by conversion: `rounded()` would make programs that use nothing else link the C math library.
        let nearest = UInt32(scaled + 0.5)
        // A thousandth is not a binary fraction: 1.001 * 1000 is 1000.9999999999999.
        guard (Double(nearest) - scaled).magnitude < 1e-6 else { return nil }
        self.init(buckets: nearest)
    }

    /// The share in percent, such as 10 or 0.125.
    public var percent: Double { Double(buckets) / 1_000 }
}

extension Percentage: Comparable {
    public static func < (lower: Percentage, upper: Percentage) -> Bool { lower.buckets < upper.buckets }
}

extension Percentage: CustomStringConvertible {
    /// For people: `10 %`, `0.125 %`.
    public var description: String { "\(number) %" }

    /// The percent without its sign and without a needless fraction: `10`, `0.125`.
    public var number: String {
        buckets.isMultiple(of: 1_000) ? "\(buckets / 1_000)" : "\(percent)"
    }
}

extension Percentage: Codable {
    /// Reads percent as a number; refuses what ``init(percent:)`` refuses.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let percent = try container.decode(Double.self)
        guard let share = Percentage(percent: percent) else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "\(percent) is not a percentage between 0 and 100 in thousandths"
            )
        }
        self = share
    }

    /// Writes percent as a number, whole where it is whole.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if buckets.isMultiple(of: 1_000) {
            try container.encode(buckets / 1_000)
        } else {
            try container.encode(percent)
        }
    }
}
