package import Assignment
package import Rollout
package import Stepping

/// The reading half of a flag file, for dry runs: it only ever opens for reading.
package struct FileTargetReader: FlagTargetReading {
    package let path: String
    package let format: FileFormat
    /// Whose part of the document this is about; also the salt where the document gives none.
    package let flag: String
    let files: FileSystem

    package var identity: String { "file:\(path)" }

    package init(path: String, format: FileFormat, flag: String) {
        self.init(path: path, format: format, flag: flag, files: FileSystem())
    }

    init(path: String, format: FileFormat, flag: String, files: FileSystem) {
        self.path = path
        self.format = format
        self.flag = flag
        self.files = files
    }

    package func read() throws(FlagTargetError) -> Allocation? {
        let place = try FilePlace(resolving: path, in: files)
        return try allocation(in: document(try files.read(place.path)))
    }

    func document(_ image: FileSystem.Image?) -> FlagDocument {
        FlagDocument(format: format, flag: flag, bytes: image?.bytes)
    }

    func allocation(in document: FlagDocument) throws(FlagTargetError) -> Allocation? {
        do throws(DocumentFault) { return try document.allocation() } catch {
            throw unreadable(error, document)
        }
    }

    func unreadable(_ fault: DocumentFault, _ document: FlagDocument) -> FlagTargetError {
        .unreadable(
            "\(path):\(fault.position(in: document.bytes ?? [])): \(fault.message)",
            hint: "correct the file by hand; it was left as it is"
        )
    }
}
