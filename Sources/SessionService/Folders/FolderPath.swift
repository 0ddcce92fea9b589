/// A path below the folder that clients may browse: names with slashes between, none at the root.
package struct FolderPath: Sendable, Hashable {
    /// From the root downwards; none is empty, `.` or `..`.
    package let names: [String]

    /// The longest path that is looked at, in bytes; the kernel takes none longer.
    private static let longest = 4_096
    private static let longestName = 255

    /// Reads a path such as `src/app`; the empty text is the root.
    ///
    /// Nil for what is absolute, leads upwards, or has empty names, control characters or names that are too long.
    package init?(_ text: String) {
        guard text.utf8.count < Self.longest else { return nil }
        guard !text.isEmpty else {
            names = []
            return
        }
        let names = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let areGood = names.allSatisfy { name in
            !["", ".", ".."].contains(name) && name.utf8.count <= Self.longestName
                && !SessionText.hasControl(name)
        }
        guard areGood else { return nil }
        self.names = names
    }

    private init(names: [String]) {
        self.names = names
    }

    /// The folder above; nil at the root.
    package var parent: FolderPath? { names.isEmpty ? nil : FolderPath(names: names.dropLast()) }
}

extension FolderPath: CustomStringConvertible {
    package var description: String { names.joined(separator: "/") }
}
