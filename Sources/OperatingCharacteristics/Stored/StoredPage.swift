/// A page of the documentation that people write, with a part between two markers that a program does.
package struct StoredPage: Sendable, Equatable {
    package var text: String

    package init(_ text: String) {
        self.text = text
    }

    package static let begin = "<!-- begin: measured -->"
    package static let end = "<!-- end: measured -->"

    /// The page with another measured part.
    ///
    /// - Returns: Nil where the page does not have each marker once, in their order.
    package func replacing(measured: String) -> StoredPage? {
        let beginnings = text.ranges(of: Self.begin)
        let ends = text.ranges(of: Self.end)
        guard beginnings.count == 1, ends.count == 1, beginnings[0].upperBound <= ends[0].lowerBound else {
            return nil
        }
        let before = text[..<beginnings[0].upperBound]
        let after = text[ends[0].lowerBound...]
        return StoredPage(before + "\n\n" + measured + "\n\n" + after)
    }
}
