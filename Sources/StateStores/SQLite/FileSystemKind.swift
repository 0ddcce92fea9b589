import Glibc
import Stepping

/// What kind of file system a place is on.
///
/// SQLite's locks and shared memory do not reach over a network: two hosts would damage the database together.
enum FileSystemKind {
    private static let networkTypes: Set<String> = [
        "9p", "afs", "beegfs", "ceph", "cifs", "coda", "fuse", "glusterfs", "gpfs", "lustre", "ncpfs", "nfs",
        "nfs4", "panfs", "smb3", "smbfs", "vboxsf",
    ]

    /// Of the file systems in user space, those known to keep their data on this host.
    private static let localFUSETypes: Set<String> = [
        "fuse.bindfs", "fuse.encfs", "fuse.fuse-overlayfs", "fuse.gocryptfs", "fuse.mergerfs", "fuse.ntfs-3g",
    ]

    /// Refuses a directory on a network file system.
    ///
    /// - Parameters:
    ///   - directory: Absolute, symbolic links resolved.
    ///   - path: What the operator called it.
    /// - Throws: ``StateStoreError/unavailable(_:hint:)`` where several hosts could reach it.
    static func requireLocal(_ directory: String, for path: String) throws(StateStoreError) {
        // Without /proc nothing is known against the place.
        guard let mounts = contents(of: "/proc/self/mountinfo"), let type = type(of: directory, in: mounts),
            isNetwork(type)
        else { return }
        throw .unavailable(
            "\(path) is on a network file system (\(type))",
            hint: "keep the state on a local disk; several hosts cannot share one SQLite database"
        )
    }

    static func isNetwork(_ type: String) -> Bool {
        networkTypes.contains(type) || (type.hasPrefix("fuse.") && !localFUSETypes.contains(type))
    }

    /// The type of the file system that holds a directory, by the kernel's table of mounts.
    static func type(of directory: String, in mounts: String) -> String? {
        var best: (mountPoint: String, type: String)?
        for line in mounts.split(separator: "\n") {
            // 36 35 98:0 / /mount/point rw,noatime shared:1 - ext4 /dev/root rw
            let fields = line.split(separator: " ")
            guard fields.count > 6, let dash = fields.firstIndex(of: "-"), dash + 1 < fields.endIndex else {
                continue
            }
            let mountPoint = unescaped(fields[4])
            guard directory == mountPoint || mountPoint == "/" || directory.hasPrefix(mountPoint + "/") else {
                continue
            }
            // Of two at the same place the later one covers the earlier.
            if mountPoint.utf8.count >= best?.mountPoint.utf8.count ?? 0 {
                best = (mountPoint, String(fields[dash + 1]))
            }
        }
        return best?.type
    }

    /// The kernel writes a blank as `\040`.
    private static func unescaped(_ field: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = field.utf8[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(3)
            if byte == UInt8(ascii: "\\"), digits.count == 3,
                let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 8)
            {
                bytes.append(value)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func contents(of path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = read(descriptor, &chunk, chunk.count)
            guard count > 0 else { return count == 0 ? String(decoding: bytes, as: UTF8.self) : nil }
            bytes += chunk[..<count]
        }
    }
}
