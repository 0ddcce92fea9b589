import Glibc

/// Every name below a directory with its size, times and bytes: what must be equal where nothing was touched.
package struct DirectoryTree: Sendable, Equatable, CustomStringConvertible {
    package var entries: [String: Entry]

    package struct Entry: Sendable, Equatable {
        package var mode: UInt32
        package var inode: UInt
        /// Nanoseconds since 1970 of the last change to the content, and to the entry.
        package var changed: [Int]
        package var bytes: [UInt8]
    }

    package init(_ directory: String) {
        entries = [:]
        add(directory, as: ".")
    }

    package var description: String {
        entries.keys.sorted().map { "\($0) \(entries[$0]?.changed ?? []) \(entries[$0]?.bytes.count ?? 0)" }
            .joined(separator: "\n")
    }

    private mutating func add(_ path: String, as name: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        let isDirectory = status.st_mode & S_IFMT == S_IFDIR
        entries[name] = Entry(
            mode: status.st_mode,
            inode: UInt(status.st_ino),
            changed: [status.st_mtim, status.st_ctim].map { $0.tv_sec * 1_000_000_000 + $0.tv_nsec },
            bytes: isDirectory ? [] : (try? FileContents.read(path)) ?? []
        )
        guard isDirectory else { return }
        for inner in TemporaryDirectory.names(in: path) { add("\(path)/\(inner)", as: "\(name)/\(inner)") }
    }
}
