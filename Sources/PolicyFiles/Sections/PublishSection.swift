import Assignment
import Rollout

/// The keys that name a kind of target.
enum PublishKey: String, SectionKey {
    case file

    static let section = "a target"
    static let later = ["kubernetes", "etcd"]
    static let synonyms: [String: PublishKey] = ["path": .file]
}

/// The keys of a file that the flag is published in.
enum FileKey: String, SectionKey {
    case path, format, settle

    static let section = "'file'"
    static let synonyms: [String: FileKey] = ["type": .format, "name": .path, "delay": .settle]
}

extension Value {
    /// The targets, each in a place of its own and in a format that carries the algorithm.
    ///
    /// What `algorithm` would decide is not judged where it is nil: found wrong before.
    func targets(
        in folder: String,
        besides store: StoreLocation?,
        publishing algorithm: HashAlgorithm?
    ) -> [TargetLocation]? {
        guard let items = items("target") else { return nil }
        var lines: [String: Int] = [:]
        return items.compactMap { item in
            guard let fields = Fields(item, keys: PublishKey.self) else { return nil }
            guard let target = fields.required(.file, { $0.fileTarget(in: folder, publishing: algorithm) })
            else { return nil }
            if let line = lines[target.identity] {
                return item.fail("duplicate-target", "the target in line \(line) has the same path")
            }
            if case .file(let path, _, _) = target, store == .sqlite(path: path) {
                return item.fail("duplicate-target", "the target would overwrite the state in \(path)")
            }
            lines[target.identity] = item.place.line
            return target
        }
    }

    private func fileTarget(in folder: String, publishing algorithm: HashAlgorithm?) -> TargetLocation? {
        guard let fields = Fields(self, keys: FileKey.self) else { return nil }
        let path = fields.required(.path) { $0.filePath(in: folder) }
        let format = fields.required(.format) { $0.fileFormat(carrying: algorithm) }
        let settle = fields.optional(.settle, default: TargetLocation.defaultFileSettle) { $0.span() }
        guard let path, let format, let settle else { return nil }
        return .file(path: path, format: format, settle: settle)
    }

    private func fileFormat(carrying algorithm: HashAlgorithm?) -> FileFormat? {
        guard let format = oneOf(FileFormat.self) else { return nil }
        guard let algorithm, !format.algorithms.contains(algorithm) else { return format }
        let fitting = format.algorithms.map { "'\($0.rawValue)'" }.joined(separator: " or ")
        return fail(
            "format-algorithm",
            "readers of '\(format.rawValue)' do not compute '\(algorithm.rawValue)'",
            hint: "set 'algorithm' to \(fitting), or publish in another format"
        )
    }
}
