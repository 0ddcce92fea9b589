package import Assignment
package import Rollout
package import Stepping

/// The reading half of a flag file, for dry runs: it only ever opens for reading.
package struct FileTargetReader: FlagTargetReading {
    package let path: String
    package let format: FileFormat
    /// Whose part of the document this is about; also the salt where the document gives none.
    package let flag: String
    /// What the two sides of the flag are called, in formats that name them.
    package let variants: Variants
    let files: FileSystem

    package var identity: String { "file:\(path)" }

    package init(path: String, format: FileFormat, flag: String, variants: Variants = .onAndOff) {
        self.init(path: path, format: format, flag: flag, variants: variants, files: FileSystem())
    }

    init(path: String, format: FileFormat, flag: String, variants: Variants, files: FileSystem) {
        self.path = path
        self.format = format
        self.flag = flag
        self.variants = variants
        self.files = files
    }

    package func read() throws(FlagTargetError) -> Allocation? {
        let place = try FilePlace(resolving: path, in: files)
        return try allocation(in: document(try files.read(place.path)))
    }

    func document(_ image: FileSystem.Image?) -> FlagDocument {
        FlagDocument(format: format, flag: flag, variants: variants, bytes: image?.bytes)
    }

    func allocation(in document: FlagDocument) throws(FlagTargetError) -> Allocation? {
        do throws(DocumentFault) { return try document.allocation() } catch {
            throw unreadable(error, document)
        }
    }

    func unreadable(_ fault: DocumentFault, _ document: FlagDocument) -> FlagTargetError {
        .unreadable(
            "\(path):\(fault.position(in: document.bytes ?? [])): \(fault.message)",
            hint: fault.hint
        )
    }
}
