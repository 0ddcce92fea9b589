import Dispatch
package import Testing

extension Trait where Self == OwnThreads {
    /// Runs each test, with all it awaits, on threads that no other test can keep busy.
    ///
    /// Most tests here wait for a process or a file without giving up their thread, of which all tests together
    /// have as many as there are cores. One that lets a server and its clients run would wait for them, and its
    /// deadlines would pass meanwhile.
    package static var ownThreads: OwnThreads { OwnThreads() }
}

/// See `Trait.ownThreads`.
package struct OwnThreads: SuiteTrait, TestTrait, TestScoping {
    package var isRecursive: Bool { true }

    package func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @Sendable () async throws -> Void
    ) async throws {
        guard testCase != nil else { return try await function() }
        try await withTaskExecutorPreference(ThreadExecutor.shared) { try await function() }
    }
}

/// Runs tasks on threads of its own.
private final class ThreadExecutor: TaskExecutor {
    static let shared = ThreadExecutor()
    private let queue = DispatchQueue(label: "tests on their own threads", attributes: .concurrent)

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
