import Glibc

/// Lists the folders below one folder, and nothing outside it.
///
/// Every step down is taken from the folder above and follows no symbolic link, so no path leads out, whatever
/// others do to the folders meanwhile.
package final class FolderBrowser: Sendable {
    /// The folders of a folder.
    package struct Listing: Sendable, Hashable {
        /// Sorted by their bytes.
        package var names: [String]
        /// Whether there are more.
        package var isTruncated: Bool
    }

    package enum Failure: Error, Sendable, Hashable {
        /// There is no such folder; a file, or a link to a folder, is none.
        case missing
        /// This user may not look into it.
        case forbidden
        /// Anything else, as the system says it.
        case failed(String)
    }

    /// How many folders a listing has at most.
    package static let longest = 1_000
    /// How many entries of a folder are looked at.
    private static let mostEntries = 100_000

    private let root: CInt

    /// Opens the folder to browse.
    ///
    /// - Throws: ``ServiceError/folder(path:problem:)``.
    package init(root path: String) throws(ServiceError) {
        // Here a link is fine: who runs the service chose it.
        root = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard root >= 0 else { throw .folder(path: path, problem: String(cString: strerror(errno))) }
    }

    deinit { close(root) }

    /// The folders in a folder; reads the disk, so it may take a while.
    package func list(_ path: FolderPath) throws(Failure) -> Listing {
        var descriptor = try Self.descend(from: root, to: ".")
        for name in path.names {
            let parent = descriptor
            defer { close(parent) }
            descriptor = try Self.descend(from: parent, to: name)
        }
        guard let directory = fdopendir(descriptor) else {
            close(descriptor)
            throw Failure(errno)
        }
        // Closes the descriptor too.
        defer { closedir(directory) }
        return Self.listing(of: directory)
    }

    private static func descend(from parent: CInt, to name: String) throws(Failure) -> CInt {
        let descriptor = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw Failure(errno) }
        return descriptor
    }

    private static func listing(of directory: OpaquePointer) -> Listing {
        var names: [[UInt8]] = []
        var seen = 0
        while seen < mostEntries, let entry = readdir(directory) {
            seen += 1
            let name = bytes(of: entry)
            guard name != Array(".".utf8), name != Array("..".utf8), isFolder(entry, in: directory) else {
                continue
            }
            names.append(name)
        }
        names.sort { $0.lexicographicallyPrecedes($1) }
        // A name that is no text, or that breaks lines, could not be asked for.
        let texts = names.compactMap { String(validating: $0, as: UTF8.self) }
            .filter { FolderPath($0) != nil }
        return Listing(
            names: Array(texts.prefix(longest)),
            isTruncated: texts.count > longest || seen == mostEntries
        )
    }

    private static func bytes(of entry: UnsafeMutablePointer<dirent>) -> [UInt8] {
        withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
    }

    private static func isFolder(_ entry: UnsafeMutablePointer<dirent>, in directory: OpaquePointer) -> Bool {
        guard entry.pointee.d_type == UInt8(DT_UNKNOWN) else { return entry.pointee.d_type == UInt8(DT_DIR) }
        // Some file systems do not say.
        var status = stat()
        let isThere = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
            pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
                fstatat(dirfd(directory), $0, &status, AT_SYMLINK_NOFOLLOW) == 0
            }
        }
        return isThere && status.st_mode & S_IFMT == S_IFDIR
    }
}

extension FolderBrowser.Failure {
    /// What an error of the system means here.
    fileprivate init(_ code: CInt) {
        switch code {
        // A file in the place of a folder, and a link, are no folders.
        case ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG: self = .missing
        case EACCES, EPERM: self = .forbidden
        default: self = .failed(String(cString: strerror(code)))
        }
    }
}
