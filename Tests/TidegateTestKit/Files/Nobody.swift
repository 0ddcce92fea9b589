import Glibc
import Synchronization

/// Runs code without root's power over files, so that permission tests mean something in a container.
package enum Nobody {
    /// Runs `body` on a thread of its own, which reaches for files as the user nobody where the process is
    /// root's; any other user lacks that power already.
    package static func run<Result: Sendable>(_ body: @escaping @Sendable () -> Result) -> Result? {
        let work = Work { outcome in
            if geteuid() == 0 { changeFileUser() }
            outcome(body())
        }
        var thread = pthread_t()
        let pointer = Unmanaged.passRetained(work as AnyWork).toOpaque()
        let code = pthread_create(
            &thread,
            nil,
            { pointer in
                guard let pointer else { return nil }
                Unmanaged<AnyWork>.fromOpaque(pointer).takeRetainedValue().run()
                return nil
            },
            pointer
        )
        guard code == 0 else { return nil }
        pthread_join(thread, nil)
        return work.result.withLock { $0 }
    }

    /// Of this thread only: Linux keeps the user for file access per thread.
    private static func changeFileUser() {
        guard let symbol = dlsym(nil, "setfsuid") else { return }
        typealias SetFileUser = @convention(c) (uid_t) -> CInt
        _ = unsafeBitCast(symbol, to: SetFileUser.self)(65_534)
    }
}

private class AnyWork {
    func run() {}
}

private final class Work<Result: Sendable>: AnyWork {
    let result = Mutex<Result?>(nil)
    private let body: (_ outcome: (Result) -> Void) -> Void

    init(_ body: @escaping (_ outcome: (Result) -> Void) -> Void) {
        self.body = body
    }

    override func run() {
        body { outcome in result.withLock { $0 = outcome } }
    }
}
