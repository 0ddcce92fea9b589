import GRDB
import Glibc
import Rollout
import Stepping

/// Reads a database as it is at one moment, without taking part in its locking.
///
/// Taking part would mean writing: SQLite makes `-shm`, replays a dead writer's log, folds it in. Instead the
/// files are read as they lie, and read again if anybody wrote meanwhile.
struct Snapshots {
    let path: String
    let scratch: String
    let patience: Span

    func read<Result>(missing: Result, _ body: (Database) throws -> Result) throws -> Result {
        let end = ContinuousClock.now + .milliseconds(patience.milliseconds)
        repeat {
            let file = try DatabaseFile(path: path)
            guard file.isPresent else { return missing }
            let before = Traces(of: file)
            if !before.areFresh {
                let result = Swift.Result { try read(file, hasLog: before.hasLog, body) }
                // Also a failure counts only if the files stood still: a torn read looks like damage.
                if Traces(of: file) == before { return try result.get() }
            }
            usleep(Traces.freshness / 1_000)
        } while ContinuousClock.now < end
        throw StateStoreError.unavailable(
            "\(path) is busy: it never stood still for long enough to be read",
            hint: "try again"
        )
    }

    private func read<Result>(
        _ file: DatabaseFile,
        hasLog: Bool,
        _ body: (Database) throws -> Result
    ) throws -> Result {
        guard hasLog else {
            var configuration = Configuration.store
            configuration.readonly = true
            // Immutable: no locks, no -wal, no -shm.
            let address = "file:\(Self.escaped(file.realPath))?immutable=1"
            return try Self.read(DatabaseQueue(path: address, configuration: configuration), body)
        }
        let copy = try DatabaseCopy(of: file, in: scratch)
        defer { copy.remove() }
        return try Self.read(DatabaseQueue(path: copy.path, configuration: .store), body)
    }

    private static func read<Result>(_ queue: DatabaseQueue, _ body: (Database) throws -> Result) throws
        -> Result
    {
        let result = Swift.Result { try queue.read(body) }
        try queue.close()
        return try result.get()
    }

    /// A path as it is written in an SQLite address.
    private static func escaped(_ path: String) -> String {
        var text = ""
        for byte in path.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "-"),
                UInt8(ascii: "."),
                UInt8(ascii: "_"):
                text.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = Array("0123456789ABCDEF")
                text += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
            }
        }
        return text
    }
}

/// What changes when somebody writes.
private struct Traces: Equatable {
    /// Two writes this close together may leave the same modification time, in nanoseconds.
    ///
    /// The kernel's clock for files ticks every 4 to 10 ms.
    static let freshness: UInt32 = 25_000_000

    private var main: Trace?
    private var log: Trace?
    private var journal: Trace?
    private var now: Int

    init(of file: DatabaseFile) {
        var clock = timespec()
        clock_gettime(CLOCK_REALTIME, &clock)
        now = clock.tv_sec &* 1_000_000_000 &+ clock.tv_nsec
        main = Trace(of: file.realPath)
        log = Trace(of: file.logPath)
        journal = Trace(of: file.journalPath)
    }

    var hasLog: Bool { (log?.size ?? 0) > 0 || (journal?.size ?? 0) > 0 }

    /// Whether a write so short ago could hide another one.
    var areFresh: Bool {
        [main, log, journal].contains { trace in
            guard let trace else { return false }
            return (0..<Int(Self.freshness)).contains(now &- trace.modified)
        }
    }

    static func == (one: Traces, other: Traces) -> Bool {
        one.main == other.main && one.log == other.log && one.journal == other.journal
    }
}

/// One file as `stat(2)` sees it; times in nanoseconds.
private struct Trace: Equatable {
    var inode: UInt
    var size: Int
    var modified: Int

    init?(of path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        inode = status.st_ino
        size = status.st_size
        modified = status.st_mtim.tv_sec &* 1_000_000_000 &+ status.st_mtim.tv_nsec
    }
}

/// A private copy of a database and its log, for SQLite to recover.
private struct DatabaseCopy {
    let path: String
    private let directory: String

    init(of file: DatabaseFile, in scratch: String) throws(StateStoreError) {
        var template = Array("\(scratch)/tidegate-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw StateStoreError(errno: errno, doing: "make a directory for a copy", at: scratch)
        }
        directory = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        path = directory + "/copy"
        do {
            for (source, suffix) in [
                (file.realPath, ""), (file.logPath, "-wal"), (file.journalPath, "-journal"),
            ] {
                try Self.copy(source, to: path + suffix)
            }
        } catch {
            remove()
            throw error
        }
    }

    func remove() {
        for suffix in ["", "-wal", "-shm", "-journal"] { unlink(path + suffix) }
        rmdir(directory)
    }

    /// Copies a file; a missing one has no copy.
    private static func copy(_ source: String, to copy: String) throws(StateStoreError) {
        let from = open(source, O_RDONLY | O_CLOEXEC)
        guard from >= 0 else {
            if errno == ENOENT { return }
            throw StateStoreError(errno: errno, doing: "read it", at: source)
        }
        defer { close(from) }
        let to = open(copy, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard to >= 0 else { throw StateStoreError(errno: errno, doing: "create it", at: copy) }
        defer { close(to) }
        while true {
            let count = sendfile(to, from, nil, 1 << 20)
            guard count >= 0 else { throw StateStoreError(errno: errno, doing: "copy it", at: source) }
            guard count > 0 else { return }
        }
    }
}
