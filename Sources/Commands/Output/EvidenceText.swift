/// Evidence in both directions: `[....####|##......]`, harm to the left of the mark and harmlessness to its right.
///
/// Full on the left is a rollback, full on the right is enough to go on.
enum EvidenceBar {
    /// How many cells of each side are filled; something is never shown as nothing, nor almost enough as enough.
    static func filled(_ progress: Double, of cells: Int) -> Int {
        guard progress > 0 else { return 0 }
        return progress >= 1 ? cells : max(1, min(cells - 1, Int(progress * Double(cells))))
    }
}

extension ComparisonView {
    private static let cells = 10

    /// The bar and what it stands for, and what would end a hold; each line after `head`.
    func lines(_ head: String, _ console: Console) -> [String] {
        let harmful = EvidenceBar.filled(harm.progress, of: Self.cells)
        let harmless = EvidenceBar.filled(harmlessness.progress, of: Self.cells)
        let left =
            String(repeating: ".", count: Self.cells - harmful)
            + console.painted(String(repeating: "#", count: harmful), harm.progress < 1 ? .yellow : .red)
        let right =
            console.painted(String(repeating: "#", count: harmless), .green)
            + String(repeating: ".", count: Self.cells - harmless)
        let mean = sharing > 1 ? ", mean of \(sharing)" : ""
        return ["\(head)rollback [\(left)|\(right)] go on"]
            + Paragraph.lines("harm \(harm.shown)\(mean); harmless \(harmlessness.shown) needed", after: head)
            + (resolution.map { Paragraph.lines("needs \($0)", after: head) } ?? [])
    }
}
