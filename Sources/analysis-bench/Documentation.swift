import FoundationEssentials
import OperatingCharacteristics

/// The page and the picture in a documentation catalogue.
struct Documentation {
    var folder: String

    /// Writes what was measured; each file as a whole or not at all.
    func store(_ measured: String, picture: String) throws(BenchFailure) {
        let catalogue = URL(filePath: folder, directoryHint: .isDirectory)
        let page = catalogue.appending(path: "OperatingCharacteristics.md")
        // Beside the page: there both DocC and a forge find it by its name alone.
        let drawing = catalogue.appending(path: "operating-characteristics.svg")
        do {
            let old = StoredPage(try String(contentsOf: page, encoding: .utf8))
            guard let new = old.replacing(measured: measured) else {
                throw BenchFailure(
                    what: "\(page.path) has no place for what was measured",
                    hint: "it needs a line '\(StoredPage.begin)' and after it '\(StoredPage.end)', each once"
                )
            }
            try Data(picture.utf8).write(to: drawing, options: .atomic)
            try Data(new.text.utf8).write(to: page, options: .atomic)
        } catch let failure as BenchFailure {
            throw failure
        } catch {
            throw BenchFailure(
                what: "the results cannot be stored: \(error)",
                hint: "is \(folder) there and writable?"
            )
        }
    }
}
