import Glibc

/// Threads of their own for bodies that block.
///
/// Not Dispatch's: its pool, shared with the tests themselves, has no thread to spare while its threads wait for
/// one another.
package enum Threads {
    /// Runs every body on its own thread, all at once, and waits for the last.
    package static func run(_ bodies: [@Sendable () -> Void]) {
        let threads = bodies.map { body in
            var thread = pthread_t()
            let context = Unmanaged.passRetained(Body(body)).toOpaque()
            let status = pthread_create(
                &thread,
                nil,
                { context in
                    if let context { Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run() }
                    return nil
                },
                context
            )
            precondition(status == 0, "no thread could be made: \(status)")
            return thread
        }
        for thread in threads { pthread_join(thread, nil) }
    }
}

private final class Body: Sendable {
    let run: @Sendable () -> Void

    init(_ run: @escaping @Sendable () -> Void) {
        self.run = run
    }
}
