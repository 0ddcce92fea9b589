import Assignment

/// Who was seen with another variant than the allocation gives: recomputed for every id, so exact.
struct AssignmentAudit: Sendable, Equatable {
    /// One id that was seen with a variant it should not have.
    struct Wrong: Sendable, Equatable {
        var id: String
        /// What it was seen with; nil where with both.
        var observed: Variant?
        var expected: Variant
    }

    /// Different ids.
    private(set) var ids = 0
    /// Ids seen with one variant only.
    private(set) var treatment = 0
    private(set) var control = 0
    /// Ids seen with both variants, each of which is wrong once.
    private(set) var both = 0
    /// How many are wrong, and the first of them.
    private(set) var wrongCount = 0
    private(set) var wrong: [Wrong] = []
    /// Wrong ones whose ids are not ASCII.
    private(set) var wrongBeyondASCII = 0

    /// Recomputes every id's variant.
    ///
    /// - Parameters:
    ///   - table: Who was seen with what.
    ///   - assigner: Who should have been.
    ///   - most: How many wrong ones to name.
    init(_ table: IDTable, under assigner: Assigner, naming most: Int) {
        table.forEach { id, seen in
            ids += 1
            let expected = assigner.assign(utf8: id.span).variant
            let observed: Variant? = seen == .both ? nil : seen == .treatment ? .treatment : .control
            switch observed {
            case .treatment: treatment += 1
            case .control: control += 1
            case nil: both += 1
            }
            guard observed != expected else { return }
            wrongCount += 1
            if !UnsafeRawBufferPointer(id).isASCII { wrongBeyondASCII += 1 }
            guard wrong.count < most else { return }
            wrong.append(
                Wrong(id: String(decoding: id, as: UTF8.self), observed: observed, expected: expected)
            )
        }
    }
}
