import Assignment

/// The parts of an allocation as a document gives them; what people leave out has a meaning.
struct AllocationParts {
    var enabled: Bool
    var percentage: Percentage?
    var salt: String?
    var algorithm: HashAlgorithm?
    var revision: Int?

    /// Nil where the flag is on without saying for how many.
    func allocation(of flag: String) -> Allocation? {
        guard let percentage = percentage ?? (enabled ? nil : .zero) else { return nil }
        return Allocation(
            enabled: enabled,
            percentage: percentage,
            salt: salt ?? flag,
            algorithm: algorithm ?? .flagdV2,
            revision: revision ?? 0
        )
    }

    /// Reads a percentage as both formats write it; nil for anything that is none.
    static func percentage(_ text: String) -> Percentage? {
        guard isDecimal(text), let number = Double(text) else { return nil }
        return Percentage(percent: number)
    }

    /// Reads a revision: whole and not negative.
    static func revision(_ text: String) -> Int? {
        guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            return nil
        }
        return Int(text)
    }

    /// Swift's own reader also takes `inf`, `nan` and `0x1p3`.
    private static func isDecimal(_ text: String) -> Bool {
        text.utf8.allSatisfy { "0123456789+-.eE".utf8.contains($0) }
    }
}
