import Synchronization

/// One client's stream: what it has been asked to do, and the task that waits to do it.
///
/// Requests coalesce: however often a stream is told of changes while it writes, it looks once. Only the stream's
/// own task writes or finishes; everybody else leaves a request here.
package final class OpenStream: Sendable, Identifiable {
    /// What the stream's task has to do next.
    struct Work: Sendable, Equatable {
        /// The log may have something new.
        var isNotified = false
        var isPingDue = false
        var control: StreamControl?
        /// The stream ends after what else there is to do.
        var isEnding = false
        /// There is nobody to write to any more.
        var isGone = false

        var isNothing: Bool { self == Work() }
    }

    private struct State {
        var work = Work()
        /// Whether the client has been told that the stream ends.
        var isDismissed = false
        /// Whether the service broke the connection off.
        var isCut = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    package let client: String
    /// After this the stream ends, so that connections spread over instances again.
    let expiry: ContinuousClock.Instant
    private let connection: any StreamConnection
    private let state = Mutex(State())

    init(client: String, expiry: ContinuousClock.Instant, connection: any StreamConnection) {
        self.client = client
        self.expiry = expiry
        self.connection = connection
    }

    /// The log has something new.
    func notify() { request { $0.isNotified = true } }

    /// The client should hear that the stream is alive.
    func ping() { request { $0.isPingDue = true } }

    /// Tells the client what to do and ends the stream a while after; only the first dismissal counts.
    ///
    /// - Parameters:
    ///   - control: What the client is told.
    ///   - delay: How long the stream stays open after that.
    func dismiss(_ control: StreamControl, endingAfter delay: Duration = .zero) {
        let isFirst = state.withLock { state in
            defer { state.isDismissed = true }
            return !state.isDismissed
        }
        guard isFirst else { return }
        request {
            $0.control = control
            $0.isEnding = $0.isEnding || delay == .zero
        }
        guard delay > .zero else { return }
        connection.after(delay) { [weak self] in self?.request { $0.isEnding = true } }
    }

    /// Does something on the connection's own time.
    func after(_ delay: Duration, _ work: @escaping @Sendable () -> Void) {
        connection.after(delay, work)
    }

    /// The connection is closed: by the client, or because it broke.
    func disconnected() { request { $0.isGone = true } }

    /// Whether the service broke the connection off.
    var isCut: Bool { state.withLock { $0.isCut } }

    /// Breaks the connection off in the middle.
    package func cut() {
        state.withLock { $0.isCut = true }
        request { $0.isGone = true }
        connection.cut()
    }

    /// Waits until there is something to do and takes it; a cancelled task has nobody to write to any more.
    func next() async -> Work {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    guard state.work.isNothing else { return true }
                    state.waiter = continuation
                    return false
                }
                if isReady { continuation.resume() }
            }
        } onCancel: {
            disconnected()
        }
        return state.withLock { state in
            defer { state.work = Work(isEnding: state.work.isEnding, isGone: state.work.isGone) }
            return state.work
        }
    }

    private func request(_ change: (inout Work) -> Void) {
        let waiter = state.withLock { state in
            change(&state.work)
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
    }
}

/// The connection under a stream.
protocol StreamConnection: Sendable {
    /// Does something later; may be called from anywhere.
    func after(_ delay: Duration, _ work: @escaping @Sendable () -> Void)
    /// Closes at once, without an end.
    func cut()
}
