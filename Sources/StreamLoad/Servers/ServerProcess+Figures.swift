import Glibc

/// What the kernel knows of a server.
extension ServerProcess {
    /// The memory it has in use, in bytes: now, and at its most.
    package struct Memory: Sendable, Equatable {
        package var now: Int
        package var peak: Int
    }

    /// Its memory as `/proc` has it.
    ///
    /// - Throws: ``LoadFailure`` when it has ended.
    package func memory() throws(LoadFailure) -> Memory {
        let status = SystemFile.text("/proc/\(processID)/status")
        guard let now = Self.kilobytes("VmRSS", in: status), let peak = Self.kilobytes("VmHWM", in: status)
        else {
            throw LoadFailure("the server has ended", hint: lastWords)
        }
        return Memory(now: now * 1_024, peak: peak * 1_024)
    }

    /// The processor time it has used, in nanoseconds.
    ///
    /// - Throws: ``LoadFailure`` when it has ended.
    package func processorNanoseconds() throws(LoadFailure) -> UInt64 {
        var clock = clockid_t()
        guard clock_getcpuclockid(processID, &clock) == 0, let time = Monotonic.nanoseconds(of: clock) else {
            throw LoadFailure("the server has ended", hint: lastWords)
        }
        return time
    }

    /// How many bytes the kernel holds for a client of it that does not read them.
    ///
    /// - Parameter clientPort: The port at the client's end.
    /// - Returns: Bytes that wait to be sent; nil without such a connection.
    package func queuedBytes(toClientAt clientPort: UInt16) -> Int? {
        Self.queuedBytes(in: SystemFile.text("/proc/net/tcp"), from: port, to: clientPort)
    }

    static func kilobytes(_ name: String, in status: String) -> Int? {
        let line = status.split(separator: "\n").first { $0.hasPrefix("\(name):") }
        return line?.split { $0 == " " || $0 == "\t" }.dropFirst().first.flatMap { Int($0) }
    }

    /// The same, from the text of `/proc/net/tcp`.
    package static func queuedBytes(in table: String, from port: UInt16, to clientPort: UInt16) -> Int? {
        for line in table.split(separator: "\n").dropFirst() {
            // sl, local address, remote address, state, sending:receiving queue …
            let cells = line.split(separator: " ", maxSplits: 5)
            guard cells.count > 4, hexadecimal(cells[1]) == Int(port),
                hexadecimal(cells[2]) == Int(clientPort)
            else { continue }
            return cells[4].split(separator: ":").first.flatMap { Int($0, radix: 16) }
        }
        return nil
    }

    /// What stands behind the colon of `ADDRESS:PORT`.
    private static func hexadecimal(_ address: Substring) -> Int? {
        address.split(separator: ":").last.flatMap { Int($0, radix: 16) }
    }
}

/// A file that the kernel makes up as it is read.
enum SystemFile {
    /// Its text; empty when there is no such file.
    static func text(_ path: String) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 * 1_024)
        while case let count = read(descriptor, &buffer, buffer.count), count > 0 {
            bytes += buffer[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
