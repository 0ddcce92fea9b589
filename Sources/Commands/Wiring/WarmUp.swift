import Glibc

/// Loads on a second core what a tick needs, while the first reads the arguments and the policy.
///
/// A tick is a process of some 30 ms, a third of which is the loading of types and libraries. Nothing is changed by
/// it; where there is one core only, it costs nothing but the order.
struct WarmUp {
    private var thread: pthread_t?

    static func begin() -> WarmUp {
        var thread = pthread_t()
        let body: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { _ in
            Wiring.warmUp()
            return nil
        }
        return WarmUp(thread: pthread_create(&thread, nil, body, nil) == 0 ? thread : nil)
    }

    /// Waits until it is done.
    ///
    /// Needed before the process ends by `exit`, which takes down the libraries that are being loaded.
    func wait() {
        if let thread { pthread_join(thread, nil) }
    }
}
