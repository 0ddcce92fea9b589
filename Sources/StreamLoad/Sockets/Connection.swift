import Glibc

/// A non-blocking connection to a port of this machine.
///
/// It is broken off, not closed in order, when the last reference goes: a port that waits out the end of an orderly
/// close could not be used again for a minute.
package final class Connection {
    let descriptor: Int32

    /// Begins to connect.
    ///
    /// - Parameters:
    ///   - port: The port of 127.0.0.1.
    ///   - receiveBytes: How much the kernel may take in before it is read; nil for the kernel's own choice.
    /// - Throws: ``LoadFailure`` when the kernel refuses.
    init(to port: UInt16, receiveBytes: Int32? = nil) throws(LoadFailure) {
        let type = SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue
        descriptor = socket(AF_INET, Int32(type), 0)
        guard descriptor >= 0 else { throw .refused("no socket for a connection", hint: "ulimit -n 20000") }
        if let receiveBytes { set(SOL_SOCKET, SO_RCVBUF, receiveBytes) }
        set(Int32(IPPROTO_TCP), TCP_NODELAY, Int32(1))
        set(SOL_SOCKET, SO_LINGER, linger(l_onoff: 1, l_linger: 0))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 || errno == EINPROGRESS else { throw .refused("no connection to port \(port)") }
    }

    deinit { close(descriptor) }

    private func set(_ level: Int32, _ option: Int32, _ value: some BitwiseCopyable) {
        // What the kernel does not grant changes figures, not their meaning.
        _ = withUnsafePointer(to: value) {
            setsockopt(descriptor, level, option, $0, socklen_t(MemoryLayout.size(ofValue: value)))
        }
    }

    /// The port of this end; 0 before it is connected.
    package var localPort: UInt16 {
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        return result == 0 ? UInt16(bigEndian: address.sin_port) : 0
    }

    /// Waits until a connection that was begun is made, or until there is something to read.
    ///
    /// - Throws: ``LoadFailure`` when that does not happen in time.
    func wait(for event: Waiting, milliseconds: Int32) throws(LoadFailure) {
        var interest = pollfd(fd: descriptor, events: event.rawValue, revents: 0)
        guard poll(&interest, 1, milliseconds) == 1 else {
            throw LoadFailure("the server is silent for \(milliseconds) ms", hint: "is it alive?")
        }
    }

    enum Waiting {
        case connected, arrival

        fileprivate var rawValue: Int16 { Int16(self == .connected ? POLLOUT : POLLIN) }
    }

    /// Sends a request, which is far smaller than what a connection takes at once.
    ///
    /// - Throws: ``LoadFailure`` when the connection does not take all of it.
    func send(_ request: String) throws(LoadFailure) {
        var request = request
        let (sent, size) = request.withUTF8 {
            (Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)), $0.count)
        }
        guard sent == size else { throw .refused("a request was not taken", hint: "did the server end?") }
    }

    enum Reading: Equatable {
        case some(Int)
        case nothingYet
        case ended
    }

    /// Reads what has arrived into a buffer.
    func receive(into buffer: inout [UInt8]) -> Reading {
        let count = buffer.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
        if count > 0 { return .some(count) }
        return count < 0 && (errno == EAGAIN || errno == EINTR) ? .nothingYet : .ended
    }
}
