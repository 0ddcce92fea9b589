import CEpoll
import Glibc

/// Says which of many connections have something to read, or can be written to.
struct Poll: ~Copyable {
    private let descriptor: Int32
    private var events: [epoll_event]

    /// One connection that has something to say.
    struct Readiness {
        /// The number that the connection is watched under.
        var number: Int
        var isWritable: Bool
        var isReadable: Bool
    }

    init() throws(LoadFailure) {
        descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
        events = [epoll_event](repeating: epoll_event(), count: 512)
        guard descriptor >= 0 else { throw .refused("no epoll") }
    }

    deinit { close(descriptor) }

    /// Watches a connection that is being made: it can be written to once it is.
    func watchForConnecting(_ connection: Connection, as number: Int) throws(LoadFailure) {
        try control(EPOLL_CTL_ADD, connection, EPOLLOUT.rawValue, number)
    }

    /// Watches a connection that was being made for what arrives.
    func watchForReading(_ connection: Connection, as number: Int) throws(LoadFailure) {
        try control(EPOLL_CTL_MOD, connection, EPOLLIN.rawValue, number)
    }

    /// Watches a connection that is made already for what arrives.
    func add(_ connection: Connection, as number: Int) throws(LoadFailure) {
        try control(EPOLL_CTL_ADD, connection, EPOLLIN.rawValue, number)
    }

    private func control(_ operation: Int32, _ connection: Connection, _ events: UInt32, _ number: Int)
        throws(LoadFailure)
    {
        var event = epoll_event()
        event.events = events
        event.data.u64 = UInt64(number)
        guard epoll_ctl(descriptor, operation, connection.descriptor, &event) == 0 else {
            throw .refused("epoll does not watch a connection")
        }
    }

    /// Waits until there is something, or the time is up.
    ///
    /// - Parameter milliseconds: How long to wait at most.
    /// - Returns: What is ready; empty when the time is up.
    mutating func wait(milliseconds: Int32) -> [Readiness] {
        let count = events.withUnsafeMutableBufferPointer {
            epoll_wait(descriptor, $0.baseAddress, Int32($0.count), milliseconds)
        }
        return events.prefix(Int(max(0, count))).map { event in
            let failed = EPOLLERR.rawValue | EPOLLHUP.rawValue
            return Readiness(
                number: Int(event.data.u64),
                isWritable: event.events & EPOLLOUT.rawValue != 0,
                isReadable: event.events & (EPOLLIN.rawValue | failed) != 0
            )
        }
    }
}
