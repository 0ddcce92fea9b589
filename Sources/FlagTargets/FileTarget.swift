package import Assignment
package import Rollout
package import Stepping

/// A flag file that applications read.
///
/// Every write happens under a lock beside the file, is decided by what the file says then, and replaces it in
/// one durable step: readers see the old document or the new one, and so does whoever looks after a crash.
/// Owner, group and mode of the file are kept (access lists and extended attributes are not), symbolic links
/// stay links, and what the file says about anything else survives byte for byte.
package struct FileTarget: FlagTarget {
    /// How long to wait for another process that is writing the same file.
    package static let defaultPatience = Span.seconds(5)

    private static let turnedLinkLimit = 5

    private let reader: FileTargetReader
    private let patience: Span
    private let beforeWrite: @Sendable () -> Void
    private var files: FileSystem { reader.files }

    package var identity: String { reader.identity }

    /// Names a flag's part of a file; nothing is opened yet.
    ///
    /// - Parameters:
    ///   - path: The file, which need not exist; its directory must when something is written.
    ///   - format: How the file is written.
    ///   - flag: Whose part of the document this is about; also the salt where the document gives none.
    ///   - variants: What the two sides of the flag are called, in formats that name them.
    ///   - patience: How long to wait for another process that is writing.
    ///   - beforeWrite: Called when an order has been given, before the lock is taken and the document looked
    ///     at. A process that is stopped here and goes on later must find itself too late.
    package init(
        path: String,
        format: FileFormat,
        flag: String,
        variants: Variants = .onAndOff,
        patience: Span = FileTarget.defaultPatience,
        beforeWrite: @escaping @Sendable () -> Void = {}
    ) {
        self.init(
            path: path,
            format: format,
            flag: flag,
            variants: variants,
            patience: patience,
            beforeWrite: beforeWrite,
            files: FileSystem()
        )
    }

    init(
        path: String,
        format: FileFormat,
        flag: String,
        variants: Variants = .onAndOff,
        patience: Span = FileTarget.defaultPatience,
        beforeWrite: @escaping @Sendable () -> Void = {},
        files: FileSystem
    ) {
        reader = FileTargetReader(path: path, format: format, flag: flag, variants: variants, files: files)
        self.patience = patience
        self.beforeWrite = beforeWrite
    }

    package func read() throws(FlagTargetError) -> Allocation? { try reader.read() }

    package func carryOut(_ order: PublishOrder) throws(FlagTargetError) -> Allocation? {
        beforeWrite()
        return try locked { place throws(FlagTargetError) in
            let image = try files.read(place.path)
            let document = reader.document(image)
            let published = try reader.allocation(in: document)
            switch order.resolved(against: published) {
            case .alreadyThere:
                // Whoever wrote it may have died before it was durable.
                try files.syncDirectory(place.directory, of: place.path)
                return published
            case .leave: return published
            case .superseded: throw .superseded(found: published)
            case .write(let allocation):
                try write(allocation, into: document, replacing: image, at: place)
                let found = try reader.read()
                guard found == allocation else { throw .unconfirmed(found: found) }
                return found
            }
        }
    }

    package func probe() throws(FlagTargetError) {
        try locked { place throws(FlagTargetError) in
            let image = try files.read(place.path)
            _ = try reader.allocation(in: reader.document(image))
            let draft = try create(image ?? Self.newFile, at: place)
            try files.remove(draft, of: place.path)
        }
    }

    /// What a file that did not exist gets: everybody may read it, whatever the process's umask.
    private static var newFile: FileSystem.Image {
        FileSystem.Image(bytes: [], owner: nil, mode: 0o644)
    }

    /// Runs `body` while no other writer can, with the place the path leads to then.
    private func locked<Result>(
        _ body: (FilePlace) throws(FlagTargetError) -> Result
    ) throws(FlagTargetError) -> Result {
        for _ in 0..<Self.turnedLinkLimit {
            let place = try FilePlace(resolving: reader.path, in: files)
            let lock = try SideLock(of: place, in: files, patience: patience)
            // A link may have been turned while the lock was waited for.
            if try FilePlace(resolving: reader.path, in: files) == place {
                removeLeftovers(at: place)
                let result = try body(place)
                _ = consume lock
                return result
            }
        }
        throw .unavailable("the symbolic link \(reader.path) keeps changing", hint: "try again")
    }

    private func write(
        _ allocation: Allocation,
        into document: FlagDocument,
        replacing image: FileSystem.Image?,
        at place: FilePlace
    ) throws(FlagTargetError) {
        var next = image ?? Self.newFile
        do throws(DocumentFault) {
            next.bytes = try document.showing(allocation)
        } catch {
            throw reader.unreadable(error, document)
        }
        let draft = try create(next, at: place)
        do throws(FlagTargetError) {
            try files.rename(draft, to: place.path)
        } catch {
            try? files.remove(draft, of: place.path)
            throw error
        }
        try files.syncDirectory(place.directory, of: place.path)
    }

    /// Makes a document in the making and returns its path; after a failure there is none.
    private func create(_ image: FileSystem.Image, at place: FilePlace) throws(FlagTargetError) -> String {
        let suffix = String(UInt64.random(in: .min ... .max), radix: 36)
        let draft = "\(place.directory)/\(place.temporaryPrefix)\(suffix)"
        do throws(FlagTargetError) {
            try files.create(draft, with: image, for: place.path)
        } catch {
            try? files.remove(draft, of: place.path)
            throw error
        }
        return draft
    }

    /// Sweeps up behind writers that died.
    ///
    /// Nothing depends on it, so a failure is left to the next writer.
    private func removeLeftovers(at place: FilePlace) {
        let names = (try? files.names(in: place.directory, beginningWith: place.temporaryPrefix)) ?? []
        for name in names { try? files.remove("\(place.directory)/\(name)", of: place.path) }
    }
}
