/// What is published about a flag: who gets the treatment, and which order of the controller says so.
public struct Allocation: Sendable, Hashable, Codable {
    /// Whether the flag is on at all; a disabled flag gives control to everybody whatever the percentage.
    public var enabled: Bool
    /// The share of clients that get the treatment while the flag is enabled.
    public var percentage: Percentage
    /// Mixed into every client's bucket; the same salt keeps the cohort the same people.
    ///
    /// The flag's name unless a policy says otherwise: that is what flagd mixes in.
    public var salt: String
    /// How a client's bucket is computed.
    public var algorithm: HashAlgorithm
    /// Which order of the controller this is; a document never goes back to an older one.
    public var revision: Int

    /// Makes an allocation from its parts.
    public init(
        enabled: Bool,
        percentage: Percentage,
        salt: String,
        algorithm: HashAlgorithm = .flagdV2,
        revision: Int
    ) {
        self.enabled = enabled
        self.percentage = percentage
        self.salt = salt
        self.algorithm = algorithm
        self.revision = revision
    }

    /// The share of clients that really get the treatment: zero while disabled.
    public var exposure: Percentage { enabled ? percentage : .zero }
}
