import Glibc

/// Loads on a second core what a tick needs, while the first reads the arguments and the policy.
///
/// A tick is a process of some 30 ms, a third of which is the loading of types and libraries. Nothing waits for
/// this thread, and nothing is changed by it; where there is one core only, it costs nothing but the order.
enum WarmUp {
    static func begin() {
        var thread = pthread_t()
        pthread_create(
            &thread,
            nil,
            { _ in
                Wiring.warmUp()
                return nil
            },
            nil
        )
        pthread_detach(thread)
    }
}
