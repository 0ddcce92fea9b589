import Glibc
import TidegateTestKit

/// A disk of half a megabyte, for who may mount one.
struct SmallDisk {
    let path: String

    /// Tried out once.
    static let isPermitted: Bool = {
        guard let directory = try? TemporaryDirectory(), let disk = try? SmallDisk(at: directory.path) else {
            return false
        }
        disk.unmount()
        return true
    }()

    init(at path: String) throws {
        self.path = path
        try ProgramLaunch.run(["mount", "-t", "tmpfs", "-o", "size=512k", "tidegate-test", path], in: "/tmp")
    }

    /// Leaves no byte free.
    func fill() throws {
        let ballast = open("\(path)/ballast", O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        defer { close(ballast) }
        for size in [4_096, 1] {
            let zeros = [UInt8](repeating: 0, count: size)
            while write(ballast, zeros, size) > 0 {}
        }
    }

    func empty() throws { unlink("\(path)/ballast") }

    func unmount() { _ = try? ProgramLaunch.run(["umount", "-l", path], in: "/tmp") }
}

/// A directory that cannot be written until it is released: by its mode, or for root by a read-only mount.
final class ReadOnlyPlace {
    private let path: String
    private let isMounted: Bool
    private var isLocked = true

    /// Root is stopped by no mode, and may lack the right to mount.
    static var isPossible: Bool { getuid() != 0 || SmallDisk.isPermitted }

    init(_ path: String) throws {
        self.path = path
        isMounted = getuid() == 0
        if isMounted {
            try ProgramLaunch.run(["mount", "--bind", path, path], in: "/tmp")
            try ProgramLaunch.run(["mount", "-o", "remount,bind,ro", path], in: "/tmp")
        } else {
            chmod(path, 0o555)
        }
    }

    func release() {
        guard isLocked else { return }
        isLocked = false
        if isMounted {
            _ = try? ProgramLaunch.run(["umount", "-l", path], in: "/tmp")
        } else {
            chmod(path, 0o755)
        }
    }
}
