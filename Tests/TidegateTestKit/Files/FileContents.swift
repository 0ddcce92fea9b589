package import Glibc

/// Whole files as bytes, for tests that compare, damage and restore them.
package enum FileContents {
    package static func read(_ path: String) throws(FileContentsError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileContentsError(path: path, errno: errno) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            guard count >= 0 else { throw FileContentsError(path: path, errno: errno) }
            guard count > 0 else { return bytes }
            bytes += chunk[..<count]
        }
    }

    package static func text(_ path: String) throws(FileContentsError) -> String {
        String(decoding: try read(path), as: UTF8.self)
    }

    package static func write(_ bytes: some Collection<UInt8>, to path: String) throws(FileContentsError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw FileContentsError(path: path, errno: errno) }
        defer { close(descriptor) }
        let bytes = Array(bytes)
        guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count else {
            throw FileContentsError(path: path, errno: errno)
        }
    }

    /// The permission bits of a file; nil when there is none.
    package static func mode(of path: String) -> mode_t? {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_mode & 0o7777 : nil
    }
}

/// Why a test's file could not be read or written.
package struct FileContentsError: Error {
    package var path: String
    package var errno: Int32
}
