import Assignment

/// The one strategy of a feature that we publish: a gradual rollout by the user's id.
///
/// Unleash's own default stickiness chooses clients without an id at random. By `userId` they get control, and the
/// constraint does the same for those whose id is empty.
struct UnleashRollout {
    /// Whole percents.
    var percent: UInt32
    /// What Unleash calls the salt.
    var groupID: String

    private static let stickiness = "userId"
    private static let constraints = """
        [{"contextName": "userId", "operator": "NOT_IN", "values": [""]}]
        """

    init(_ allocation: Allocation) {
        percent = HashAlgorithm.unleash.treatedBuckets(at: allocation.exposure)
        groupID = allocation.salt
    }

    /// Reads a feature's strategies, which must be ours alone: Unleash treats whoever any of them treats, and
    /// everybody where there is none.
    init(_ strategies: JSONNode) throws(DocumentFault) {
        guard let node = strategies.elements?.first, strategies.elements?.count == 1 else {
            throw strategies.fault("'strategies' is not an array of one")
        }
        let strategy = try JSONObject(node, named: "a strategy")
        guard try strategy.value("name")?.text == "flexibleRollout" else {
            throw node.fault("the strategy is not 'flexibleRollout'")
        }
        let constraints = try JSONScanner.parse(Array(Self.constraints.utf8))
        guard try strategy.value("constraints")?.means(constraints) == true else {
            throw node.fault("the strategy's 'constraints' are not those that Tidegate writes")
        }
        guard try strategy.value("segments").map({ $0.elements?.isEmpty == true }) != false,
            try strategy.value("disabled").map({ $0.isFalse }) != false
        else { throw node.fault("the strategy has segments, or is disabled") }
        guard let parameters = try strategy.object("parameters"),
            try parameters.value("stickiness")?.text == Self.stickiness
        else { throw node.fault("the strategy's 'stickiness' is not '\(Self.stickiness)'") }
        // A number in place of the text makes Unleash's clients refuse the whole document.
        guard let text = try parameters.value("rollout")?.text, let percent = UInt32(text), percent <= 100
        else {
            throw node.fault("the strategy's 'rollout' is not a text such as \"10\", from 0 to 100")
        }
        guard let groupID = try parameters.value("groupId")?.text else {
            throw node.fault("the strategy's 'groupId' is not a text")
        }
        (self.percent, self.groupID) = (percent, groupID)
        guard isUnderstood else { throw node.fault("Unleash's clients do not understand this 'groupId'") }
    }

    /// Whether Unleash's clients carry it out.
    ///
    /// Their engine puts the group into a rule between quotation marks, without escapes. With such a mark in it, the
    /// rule is none, and the feature is off for everybody.
    var isUnderstood: Bool { percent == 0 || !groupID.utf8.contains { [0x22, 0x5c].contains($0) } }

    private var parameters: [(key: String, value: String)] {
        [
            ("rollout", "\"\(percent)\""),
            ("stickiness", "\"\(Self.stickiness)\""),
            ("groupId", JSONObject.quoted(groupID)),
        ]
    }

    /// The value of a feature's `strategies`.
    var strategies: String {
        let strategy = [
            (key: "name", value: "\"flexibleRollout\""),
            (key: "constraints", value: Self.constraints),
            (key: "parameters", value: JSONObject.inline(parameters)),
        ]
        return "[\(JSONObject.inline(strategy))]"
    }

    /// Changes strategies that ``init(_:)-(JSONNode)`` has read.
    func setting(_ strategies: JSONNode, in bytes: [UInt8]) throws(DocumentFault) -> [TextEdit] {
        guard let node = strategies.elements?.first,
            let object = try JSONObject(node, named: "a strategy").object("parameters")
        else { return [] }
        return try object.setting(parameters, in: bytes)
    }
}

extension JSONNode {
    fileprivate var isFalse: Bool {
        guard case .bool(let bool) = content else { return false }
        return !bool
    }
}
