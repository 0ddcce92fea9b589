import Glibc

/// A fresh directory that vanishes with the last reference to it.
package final class TemporaryDirectory: Sendable {
    package let path: String

    package init() throws(TemporaryDirectoryError) {
        var template = Array("/tmp/tidegate-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw TemporaryDirectoryError(errno: errno) }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit { Self.removeAll(path) }

    /// A path inside.
    package func path(_ name: String) -> String { "\(path)/\(name)" }

    /// The names inside, hidden ones included, sorted.
    package var names: [String] { Self.names(in: path) }

    /// The names in any directory, sorted; none where it cannot be listed.
    package static func names(in path: String) -> [String] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    private static func removeAll(_ path: String) {
        // A directory that may not be listed could not be emptied.
        if chmod(path, 0o700) == 0 {
            for name in names(in: path) {
                let inner = "\(path)/\(name)"
                if unlink(inner) != 0, errno == EISDIR { removeAll(inner) }
            }
        }
        rmdir(path)
    }
}

/// Why there is no temporary directory.
package struct TemporaryDirectoryError: Error {
    package var errno: Int32
}
