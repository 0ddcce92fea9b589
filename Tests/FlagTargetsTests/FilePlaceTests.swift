import Assignment
import FlagTargets
import Glibc
import Rollout
import Stepping
import Testing
import TidegateTestKit

@Suite("A flag file in its directory")
struct FilePlaceTests {
    private static let ten = StoredSamples.allocation(percent: 10, revision: 7)
    private static let raise = PublishOrder.raise(to: ten, replacing: nil)

    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func target(_ name: String, patience: Span = FileTarget.defaultPatience) -> FileTarget {
        FileTarget(path: directory.path(name), format: .json, flag: "sse", patience: patience)
    }

    @Test("keeps its mode, and is readable for everybody when it is new", arguments: [0o600, 0o664, 0o4755])
    func mode(mode: mode_t) throws {
        try FileContents.write("{}".utf8, to: directory.path("flags"))
        try #require(chmod(directory.path("flags"), mode) == 0)
        _ = try target("flags").carryOut(Self.raise)
        #expect(FileContents.mode(of: directory.path("flags")) == mode)
        _ = try target("new").carryOut(Self.raise)
        #expect(FileContents.mode(of: directory.path("new")) == 0o644)
    }

    @Test("keeps its owner and group", .enabled(if: geteuid() == 0, "only root may give files away"))
    func owner() throws {
        try FileContents.write("{}".utf8, to: directory.path("flags"))
        try #require(chown(directory.path("flags"), 1234, 5678) == 0)
        _ = try target("flags").carryOut(Self.raise)
        var status = stat()
        try #require(stat(directory.path("flags"), &status) == 0)
        #expect(status.st_uid == 1234)
        #expect(status.st_gid == 5678)
    }

    @Test("is reached through chains of links, which stay links", arguments: [true, false])
    func links(exists: Bool) throws {
        try #require(mkdir(directory.path("real"), 0o755) == 0)
        try #require(mkdir(directory.path("links"), 0o755) == 0)
        if exists { try FileContents.write("{}".utf8, to: directory.path("real/flags")) }
        try #require(symlink("../links/second", directory.path("links/first")) == 0)
        try #require(symlink(directory.path("real/flags"), directory.path("links/second")) == 0)
        #expect(try target("links/first").carryOut(Self.raise) == Self.ten)
        #expect(try target("real/flags").read() == Self.ten)
        var status = stat()
        try #require(lstat(directory.path("links/first"), &status) == 0)
        #expect(status.st_mode & S_IFMT == S_IFLNK)
        #expect(directory.names == ["links", "real"])
    }

    @Test("reached by links in a circle is unavailable")
    func loop() throws {
        try #require(symlink("b", directory.path("a")) == 0)
        try #require(symlink("a", directory.path("b")) == 0)
        for attempt in [{ _ = try target("a").read() }, { _ = try target("a").carryOut(Self.raise) }] {
            let error = #expect(throws: FlagTargetError.self) { try attempt() }
            #expect(error?.message.contains("symbolic links") == true)
        }
    }

    @Test("is absent where its directory is missing, and cannot be written there")
    func missingDirectory() throws {
        #expect(try target("none/flags").read() == nil)
        let error = #expect(throws: FlagTargetError.self) { try target("none/flags").carryOut(Self.raise) }
        guard case .unavailable(let message, let hint) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(message.contains("No such file or directory"))
        #expect(hint?.contains("directory") == true)
        #expect(throws: FlagTargetError.self) { try target("none/flags").probe() }
    }

    @Test("that is a directory is refused")
    func isDirectory() throws {
        let error = #expect(throws: FlagTargetError.self) {
            try FileTarget(path: directory.path, format: .env, flag: "sse").read()
        }
        #expect(error?.message.contains("Is a directory") == true)
        let slash = FileTarget(path: directory.path + "/", format: .env, flag: "sse")
        #expect(throws: FlagTargetError.self) { try slash.carryOut(Self.raise) }
    }

    @Test("that is a pipe is refused without waiting for its other end")
    func pipe() throws {
        try #require(mkfifo(directory.path("flags"), 0o600) == 0)
        #expect(throws: FlagTargetError.self) { try target("flags").read() }
        #expect(throws: FlagTargetError.self) { try target("flags").carryOut(Self.raise) }
    }

    @Test("loses what dead writers left beside it, and nothing else")
    func leftovers() throws {
        for name in [
            ".flags.tidegate-tmp-dead", ".flags.tidegate-tmp-", ".other.tidegate-tmp-x", "flags.bak",
        ] {
            try FileContents.write("half a docum".utf8, to: directory.path(name))
        }
        _ = try target("flags").carryOut(Self.raise)
        #expect(directory.names == [".flags.tidegate-lock", ".other.tidegate-tmp-x", "flags", "flags.bak"])
    }

    @Test("that another process is writing is unavailable after a bounded wait")
    func lockHeld() throws {
        _ = try target("flags").carryOut(Self.raise)
        let descriptor = open(directory.path(".flags.tidegate-lock"), O_RDWR)
        try #require(descriptor >= 0 && flock(descriptor, LOCK_EX) == 0)
        let order = PublishOrder.stamp(revision: 8)
        let error = #expect(throws: FlagTargetError.self) {
            try target("flags", patience: .milliseconds(30)).carryOut(order)
        }
        guard case .unavailable = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(try target("flags").read() == Self.ten)
        close(descriptor)
        #expect(try target("flags").carryOut(order)?.revision == 8)
    }

    @Test("is left alone by a raise that was stopped before its write while a rollback went through")
    func stoppedWriter() throws {
        _ = try target("flags").carryOut(Self.raise)
        let off = StoredSamples.allocation(percent: 0, enabled: false, revision: 8)
        let path = directory.path("flags")
        let stopped = FileTarget(path: path, format: .json, flag: "sse") {
            _ = try? FileTarget(path: path, format: .json, flag: "sse").carryOut(.lower(to: off))
        }
        let raised = StoredSamples.allocation(percent: 50, revision: 8)
        #expect(throws: FlagTargetError.superseded(found: off)) {
            try stopped.carryOut(.raise(to: raised, replacing: Self.ten))
        }
        #expect(try stopped.read() == off)
    }

    @Test("is opened for nothing but reading by a reader")
    func readerWritesNothing() throws {
        let reader = FileTargetReader(path: directory.path("flags"), format: .json, flag: "sse")
        #expect(try reader.read() == nil)
        #expect(directory.names.isEmpty)
        _ = try target("flags").carryOut(Self.raise)
        let (names, bytes) = (directory.names, try FileContents.read(directory.path("flags")))
        #expect(try reader.read() == Self.ten)
        #expect(reader.identity == target("flags").identity)
        #expect(directory.names == names)
        #expect(try FileContents.read(directory.path("flags")) == bytes)
    }

    @Test("is forbidden where its directory may not be written", arguments: [true, false])
    func forbidden(isProbe: Bool) throws {
        try FileContents.write("{}".utf8, to: directory.path("flags"))
        try #require(chmod(directory.path, 0o555) == 0)
        let target = target("flags")
        let error = Nobody.run { () -> FlagTargetError? in
            do throws(FlagTargetError) {
                if isProbe { try target.probe() } else { _ = try target.carryOut(Self.raise) }
            } catch {
                return error
            }
            return nil
        }
        try #require(chmod(directory.path, 0o700) == 0)
        guard case .forbidden(let message, let hint) = error ?? nil else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(message.contains("Permission denied"))
        #expect(hint != nil)
        #expect(try FileContents.text(directory.path("flags")) == "{}")
    }

    @Test("of another owner is not taken away from its readers", .enabled(if: geteuid() == 0))
    func foreignOwner() throws {
        try FileContents.write("{}".utf8, to: directory.path("flags"))
        try #require(chmod(directory.path, 0o777) == 0)
        let target = target("flags")
        let error = Nobody.run { () -> FlagTargetError? in
            do throws(FlagTargetError) { _ = try target.carryOut(Self.raise) } catch { return error }
            return nil
        }
        #expect(error??.message.contains("owner") == true)
        #expect(try FileContents.text(directory.path("flags")) == "{}")
        #expect(directory.names == [".flags.tidegate-lock", "flags"])
    }
}
