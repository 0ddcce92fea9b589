import Assignment

/// What a kind of document calls the parts of an allocation that stand beside each other in one object.
struct AllocationNames {
    var percentage: String
    var salt: String
    var algorithm: String
    var revision: String

    /// In an object of their own.
    static let plain = AllocationNames(
        percentage: "percentage",
        salt: "salt",
        algorithm: "algorithm",
        revision: "revision"
    )

    /// Among the metadata of a flag of flagd, which has other entries too and knows no objects inside.
    static let flagdMetadata = AllocationNames(
        percentage: "rolloutPercentage",
        salt: "rolloutSalt",
        algorithm: "bucketing",
        revision: "rolloutRevision"
    )

    /// The parts as members, each value written as JSON.
    func members(of allocation: Allocation) -> [(key: String, value: String)] {
        [
            (percentage, allocation.percentage.number),
            (salt, JSONObject.quoted(allocation.salt)),
            (algorithm, JSONObject.quoted(allocation.algorithm.rawValue)),
            (revision, "\(allocation.revision)"),
        ]
    }
}

extension AllocationParts {
    /// Takes over the parts that an object has.
    mutating func read(_ object: JSONObject, named names: AllocationNames) throws(DocumentFault) {
        if let node = try object.value(names.percentage) {
            percentage = Self.percentage(Self.number(node))
            guard percentage != nil else {
                throw node.fault("'\(names.percentage)' is not a number from 0 to 100 in thousandths")
            }
        }
        if let node = try object.value(names.salt) {
            salt = node.text
            guard salt != nil else { throw node.fault("'\(names.salt)' is not a text") }
        }
        if let node = try object.value(names.algorithm) {
            algorithm = node.text.flatMap(HashAlgorithm.init(rawValue:))
            guard algorithm != nil else {
                throw node.fault("'\(names.algorithm)' is none of \(HashAlgorithm.allCases.map(\.rawValue))")
            }
        }
        if let node = try object.value(names.revision) {
            revision = Self.revision(Self.number(node))
            guard revision != nil else {
                throw node.fault("'\(names.revision)' is not a whole number from 0")
            }
        }
    }

    /// A number's own text, empty for any other kind of value.
    private static func number(_ node: JSONNode) -> String {
        guard case .number(let text) = node.content else { return "" }
        return text
    }
}
