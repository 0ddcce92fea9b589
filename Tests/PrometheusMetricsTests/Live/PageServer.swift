import Glibc
import TidegateTestKit

/// Answers every request on a free port of 127.0.0.1 with the page of the moment, on a thread of its own.
final class PageServer: Sendable {
    let port: UInt16
    private let listener: Int32

    init(_ page: @escaping @Sendable () -> [UInt8]) throws {
        let (listener, port) = try LoopbackHTTP.bound()
        guard listen(listener, 16) == 0 else {
            close(listener)
            throw ProgramError(program: "listen", reason: String(cString: strerror(errno)), output: "")
        }
        (self.listener, self.port) = (listener, port)
        var thread = pthread_t()
        let context = Unmanaged.passRetained(Loop(listener: listener, page: page)).toOpaque()
        let status = pthread_create(
            &thread,
            nil,
            { context in
                if let context { Unmanaged<Loop>.fromOpaque(context).takeRetainedValue().run() }
                return nil
            },
            context
        )
        precondition(status == 0, "no thread could be made: \(status)")
        pthread_detach(thread)
    }

    /// Wakes the thread, which then ends and closes the socket.
    deinit { shutdown(listener, Int32(SHUT_RDWR)) }
}

private final class Loop: Sendable {
    private let listener: Int32
    private let page: @Sendable () -> [UInt8]

    init(listener: Int32, page: @escaping @Sendable () -> [UInt8]) {
        (self.listener, self.page) = (listener, page)
    }

    func run() {
        defer { close(listener) }
        while true {
            let connection = accept(listener, nil, nil)
            guard connection >= 0 else {
                if errno == EINTR || errno == ECONNABORTED { continue }
                return
            }
            answer(connection)
            close(connection)
        }
    }

    private func answer(_ connection: Int32) {
        var patience = timeval(tv_sec: 5, tv_usec: 0)
        setsockopt(
            connection,
            SOL_SOCKET,
            SO_RCVTIMEO,
            &patience,
            socklen_t(MemoryLayout<timeval>.size)
        )
        var request = [UInt8](repeating: 0, count: 8_192)
        guard recv(connection, &request, request.count, 0) > 0 else { return }
        let body = page()
        let head =
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n"
            + "Content-Length: \(body.count)\r\nConnection: close\r\n\r\n"
        var rest = (Array(head.utf8) + body)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
