import Assignment
import Glibc
import Rollout
import Stepping
import Testing
import TidegateTestKit

@testable import FlagTargets

@Suite("A flag file whose system calls fail")
struct FileFaultTests {
    private static let before = StoredSamples.allocation(percent: 10, revision: 7)
    private static let after = StoredSamples.allocation(percent: 50, revision: 8)

    /// One failure, or the process's death, at every call there is, before it or after it.
    enum Ending: CaseIterable {
        case failure, failureAfterwards, death, deathAfterwards

        func plan(at call: Int) -> FaultPlan {
            switch self {
            case .failure: .once(at: call, .before)
            case .failureAfterwards: .once(at: call, .after)
            case .death: .death(at: call, .before)
            case .deathAfterwards: .death(at: call, .after)
            }
        }
    }

    @Test(
        "is the old document or the new one, never torn, and the next writer finishes",
        arguments: FileFormat.allCases,
        Ending.allCases
    )
    func everyCall(format: FileFormat, ending: Ending) throws {
        var (before, after) = (Self.before, Self.after)
        before.algorithm = try #require(format.algorithms.first)
        after.algorithm = before.algorithm
        let order = PublishOrder.raise(to: after, replacing: before)
        let old = try Self.document(before, format)
        let new = try Self.document(after, format)
        for call in 0... {
            let directory = try TemporaryDirectory()
            let path = directory.path("flags")
            try FileContents.write(old, to: path)
            let plan = ending.plan(at: call)
            let faulty = FileTarget(path: path, format: format, flag: "sse", files: Self.files(failing: plan))
            var failure: FlagTargetError?
            do { _ = try faulty.carryOut(order) } catch { failure = error }
            let left = try FileContents.read(path)
            #expect(left == old || left == new, "call \(call) of \(plan.calls)")
            if plan.calls.count <= call {
                #expect(failure == nil)
                #expect(call > 20)
                return
            }
            // Sweeping up is the one thing that may fail without a word.
            let isSweeping = plan.calls[call] == FileCall.list.rawValue
            if !isSweeping || ending == .death {
                guard case .unavailable(let message, let hint) = failure else {
                    Issue.record("call \(call), \(plan.calls[call]): \(String(describing: failure))")
                    continue
                }
                #expect(message.contains(path) && message.contains("No space left"))
                #expect(hint != nil)
            }
            let target = FileTarget(path: path, format: format, flag: "sse")
            #expect(try target.carryOut(order) == after)
            #expect(try FileContents.read(path) == new)
            #expect(directory.names == [".flags.tidegate-lock", "flags"], "call \(call) left something")
        }
    }

    @Test("is not changed by a failing probe either, nor by a working one")
    func probe() throws {
        let old = try Self.document(Self.before, .json)
        for call in 0... {
            let directory = try TemporaryDirectory()
            let path = directory.path("flags")
            try FileContents.write(old, to: path)
            let plan = FaultPlan.once(at: call)
            let faulty = FileTarget(path: path, format: .json, flag: "sse", files: Self.files(failing: plan))
            var failure: FlagTargetError?
            do { try faulty.probe() } catch { failure = error }
            #expect(try FileContents.read(path) == old)
            guard plan.calls.count > call else {
                #expect(failure == nil)
                #expect(directory.names == [".flags.tidegate-lock", "flags"])
                return
            }
            #expect(failure != nil || plan.calls[call] == FileCall.list.rawValue)
        }
    }

    @Test(
        "fails with the system's words and a hint",
        arguments: [EACCES, EPERM, ENOENT, ENOSPC, EDQUOT, EROFS, EISDIR, ELOOP]
    )
    func words(code: Int32) throws {
        let error = FlagTargetError(.write, "/flags", errno: code)
        #expect(error.message == "cannot write /flags: \(String(cString: strerror(code)))")
        #expect(error.hint != nil)
        guard case .forbidden = error else {
            #expect(code != EACCES && code != EPERM)
            return
        }
        #expect(code == EACCES || code == EPERM)
    }

    @Test("is told from one that reads back differently")
    func unconfirmed() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path("flags")
        let reads = FaultPlan { _, _ in nil }
        var files = FileSystem()
        // Somebody without the lock replaces the file right after the directory was made durable.
        files.interfere = { call in
            _ = reads.moment(of: call.rawValue)
            if reads.calls.suffix(2) == [FileCall.syncDirectory.rawValue, FileCall.resolve.rawValue] {
                try? FileContents.write("{}".utf8, to: path)
            }
            return nil
        }
        let target = FileTarget(path: path, format: .json, flag: "sse", files: files)
        #expect(throws: FlagTargetError.unconfirmed(found: nil)) {
            try target.carryOut(.raise(to: Self.before, replacing: nil))
        }
    }

    private static func files(failing plan: FaultPlan) -> FileSystem {
        var files = FileSystem()
        files.writeLimit = 40
        files.interfere = { call in
            switch plan.moment(of: call.rawValue) {
            case nil: nil
            case .before: .instead(errno: ENOSPC)
            case .after: .afterwards(errno: ENOSPC)
            }
        }
        return files
    }

    private static func document(_ allocation: Allocation, _ format: FileFormat) throws -> [UInt8] {
        try FlagDocument(format: format, flag: "sse", bytes: nil).showing(allocation)
    }
}
