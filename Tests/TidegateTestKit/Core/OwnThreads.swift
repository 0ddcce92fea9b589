import Dispatch
import Foundation
import Synchronization
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
///
/// Not on a dispatch queue: on Linux its threads come from the pool that all other tests keep busy.
private final class ThreadExecutor: TaskExecutor {
    static let shared = ThreadExecutor(threads: 16)

    private let jobs = Mutex<[UnownedJob]>([])
    /// Counts the jobs that wait.
    private let waiting = DispatchSemaphore(value: 0)

    private init(threads: Int) {
        for number in 1...threads {
            let thread = Thread { [unowned self] in while true { runNext() } }
            thread.name = "own-thread-\(number)"
            thread.start()
        }
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        jobs.withLock { $0.append(job) }
        waiting.signal()
    }

    private func runNext() {
        waiting.wait()
        let job = jobs.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        job?.runSynchronously(on: asUnownedTaskExecutor())
    }
}
