import FoundationEssentials

/// One Swift file of a room, and what it imports.
struct SourceFile: Equatable {
    /// The target's name: the folder under `Sources`.
    var room: String
    /// Relative to the room, with `/`.
    var path: String
    /// Every imported module's name, in the order of the file.
    var imports: [String]

    /// The last part of the path.
    var name: String { path.split(separator: "/").last.map(String.init) ?? path }

    init(room: String, path: String, text: String) {
        self.room = room
        self.path = path
        imports = text.split(whereSeparator: \.isNewline)
            .flatMap { $0.split(separator: ";") }
            .compactMap(Self.importedModule(in:))
    }

    /// The module a line of Swift imports: `package import struct Rollout.Policy` imports `Rollout`.
    static func importedModule(in line: some StringProtocol) -> String? {
        let modifiers: Set<Substring.SubSequence> = [
            "public", "package", "internal", "fileprivate", "private",
        ]
        let kinds: Set<Substring.SubSequence> = [
            "struct", "class", "enum", "protocol", "typealias", "func", "let", "var", "actor",
        ]
        var words = Substring(line).split { $0 == " " || $0 == "\t" }[...]
        while let word = words.first, word.hasPrefix("@") || modifiers.contains(word) {
            words.removeFirst()
        }
        guard words.popFirst() == "import" else { return nil }
        if let word = words.first, kinds.contains(word) { words.removeFirst() }
        return words.first?.split(separator: ".").first.map(String.init)
    }
}

extension SourceFile {
    /// The folder of this package, found from this very file.
    static let packageFolder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Every Swift file under `Sources`.
    static func allSources() throws -> [SourceFile] {
        let sources = packageFolder.appending(path: "Sources")
        return try FileManager.default.subpathsOfDirectory(atPath: sources.path)
            .filter { $0.hasSuffix(".swift") }
            .sorted()
            .map { path in
                let parts = path.split(separator: "/", maxSplits: 1)
                let text = try String(contentsOf: sources.appending(path: path), encoding: .utf8)
                return SourceFile(room: String(parts[0]), path: String(parts[1]), text: text)
            }
    }

    /// The folders under `Sources`, one for each room.
    static func allRooms() throws -> Set<String> {
        let sources = packageFolder.appending(path: "Sources").path
        return Set(try FileManager.default.contentsOfDirectory(atPath: sources).filter { !$0.hasPrefix(".") })
    }
}
