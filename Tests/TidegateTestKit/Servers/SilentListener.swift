import Glibc

/// A port of 127.0.0.1 where connections are taken and nobody ever answers.
package final class SilentListener: Sendable {
    package let port: UInt16
    private let descriptor: Int32

    package init() throws {
        (descriptor, port) = try LoopbackHTTP.bound()
        guard listen(descriptor, 128) == 0 else {
            close(descriptor)
            throw ProgramError(program: "listen", reason: String(cString: strerror(errno)), output: "")
        }
    }

    deinit { close(descriptor) }
}
