import Glibc
import Stepping

/// The system calls a target is made of, each of which a test can make fail.
struct FileSystem: Sendable {
    /// Asked before every call; nil lets it through.
    var interfere: @Sendable (FileCall) -> Interference? = { _ in nil }
    /// How many bytes a single write takes at most.
    var writeLimit = Int.max

    /// Everything about a file that a replacement keeps or carries on from.
    struct Image {
        var bytes: [UInt8]
        /// Nil: whatever a new file gets.
        var owner: Owner?
        var mode: mode_t
    }

    struct Owner: Equatable {
        var user: uid_t
        var group: gid_t
    }

    /// Larger documents are no flag files; in bytes.
    static let sizeLimit = 16 << 20

    /// Where a symbolic link points; nil when there is no link at this place.
    func link(at path: String) throws(FlagTargetError) -> String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let count = try call(.resolve, path) { () -> Int in
            let count = readlink(path, &buffer, buffer.count - 1)
            // EINVAL: something else than a link.
            return count < 0 && (errno == EINVAL || errno == ENOENT) ? 0 : count
        }
        guard count > 0 else { return nil }
        return String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// A whole file; nil when there is none.
    func read(_ path: String) throws(FlagTargetError) -> Image? {
        // Non-blocking: opening a pipe must not wait for somebody to write into it.
        let descriptor = try call(.read, path) { () -> Int32 in
            let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)
            return descriptor < 0 && errno == ENOENT ? .max : descriptor
        }
        guard descriptor != .max else { return nil }
        defer { close(descriptor) }
        var status = stat()
        _ = try call(.read, path) { fstat(descriptor, &status) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw FlagTargetError(.read, path, errno: status.st_mode & S_IFMT == S_IFDIR ? EISDIR : EINVAL)
        }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = try call(.read, path) { Glibc.read(descriptor, &chunk, chunk.count) }
            guard count > 0 else { break }
            bytes += chunk[..<count]
            guard bytes.count <= Self.sizeLimit else { throw FlagTargetError(.read, path, errno: EFBIG) }
        }
        let owner = Owner(user: status.st_uid, group: status.st_gid)
        return Image(bytes: bytes, owner: owner, mode: status.st_mode & 0o7777)
    }

    /// Makes a durable file that nobody else knows, with the bytes and the permissions of an image.
    ///
    /// - Parameters:
    ///   - path: The file's name; it must not exist.
    ///   - image: Its owner is left alone where the new file has that one already.
    ///   - document: What the file is for, in messages.
    /// - Throws: After any failure the file may be there in part; it is the caller's to remove.
    func create(_ path: String, with image: Image, for document: String) throws(FlagTargetError) {
        let descriptor = try call(.create, document) {
            open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        }
        defer { close(descriptor) }
        if let owner = image.owner {
            _ = try call(.own, document) { () -> Int32 in
                var status = stat()
                guard fstat(descriptor, &status) == 0 else { return -1 }
                let current = Owner(user: status.st_uid, group: status.st_gid)
                return current == owner ? 0 : fchown(descriptor, owner.user, owner.group)
            }
        }
        // After the owner: changing that takes away special bits.
        _ = try call(.protect, document) { fchmod(descriptor, image.mode) }
        var rest = image.bytes[...]
        while !rest.isEmpty {
            let count = try call(.write, document) {
                rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, min($0.count, writeLimit)) }
            }
            rest = rest.dropFirst(count)
        }
        _ = try call(.sync, document) { fsync(descriptor) }
    }

    /// Puts a new file in the place of an old one, or of none, in one step.
    func rename(_ source: String, to path: String) throws(FlagTargetError) {
        _ = try call(.replace, path) { Glibc.rename(source, path) }
    }

    /// Makes what happened to a directory's names durable, where the file system can.
    func syncDirectory(_ directory: String, of path: String) throws(FlagTargetError) {
        let descriptor = try call(.syncDirectory, path) {
            open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        }
        defer { close(descriptor) }
        _ = try call(.syncDirectory, path) { () -> Int32 in
            let result = fsync(descriptor)
            return result != 0 && (errno == EINVAL || errno == ENOTSUP) ? 0 : result
        }
    }

    /// Removes a file; one that is gone already is removed.
    func remove(_ path: String, of document: String) throws(FlagTargetError) {
        _ = try call(.remove, document) { unlink(path) == 0 || errno == ENOENT ? 0 : -1 }
    }

    /// The names in a directory that begin with a prefix.
    func names(in directory: String, beginningWith prefix: String) throws(FlagTargetError) -> [String] {
        var names: [String] = []
        _ = try call(.list, directory) { () -> Int32 in
            guard let stream = opendir(directory) else { return -1 }
            defer { closedir(stream) }
            while let entry = readdir(stream) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
                    name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                if name.hasPrefix(prefix) { names.append(name) }
            }
            return 0
        }
        return names
    }

    /// Makes one system call, again when a signal interrupts it.
    func call<Number: FixedWidthInteger>(
        _ call: FileCall,
        _ path: String,
        _ body: () -> Number
    ) throws(FlagTargetError) -> Number {
        let interference = interfere(call)
        if case .instead(let code) = interference { throw FlagTargetError(call, path, errno: code) }
        while true {
            let result = body()
            if result >= 0 {
                guard case .afterwards(let code) = interference else { return result }
                throw FlagTargetError(call, path, errno: code)
            }
            let code = errno
            guard code == EINTR else { throw FlagTargetError(call, path, errno: code) }
        }
    }
}
