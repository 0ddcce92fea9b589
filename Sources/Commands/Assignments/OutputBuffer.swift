import Glibc

/// Gathers what goes to standard output and writes it in big blocks, always from the same memory.
final class OutputBuffer {
    private let descriptor: Int32
    private let memory: UnsafeMutableRawBufferPointer
    private var filled = 0

    private static let capacity = 256 * 1_024

    /// Whoever read the output has seen enough: a normal end.
    struct ReaderIsGone: Error {}

    init(_ descriptor: Int32 = STDOUT_FILENO) {
        self.descriptor = descriptor
        memory = .allocate(byteCount: Self.capacity, alignment: 16)
    }

    deinit { memory.deallocate() }

    /// Adds bytes; writes when there is no room.
    ///
    /// - Throws: As ``flush()`` does.
    func append(_ bytes: UnsafeRawBufferPointer) throws {
        if bytes.count > memory.count - filled {
            try flush()
            guard bytes.count <= memory.count else { return try write(bytes) }
        }
        guard let source = bytes.baseAddress, let target = memory.baseAddress else { return }
        memcpy(target + filled, source, bytes.count)
        filled += bytes.count
    }

    func append(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes { try append($0) }
    }

    func append(_ byte: UInt8) throws {
        if filled == memory.count { try flush() }
        memory[filled] = byte
        filled += 1
    }

    /// Adds a number's decimal digits.
    func append(decimal number: UInt32) throws {
        var divisor: UInt32 = 1
        while number / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            try append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / divisor % 10))
            divisor /= 10
        }
    }

    /// Writes everything gathered so far.
    ///
    /// - Throws: ``ReaderIsGone`` when nobody reads any more, else ``Failure`` with status 74.
    func flush() throws {
        let gathered = UnsafeRawBufferPointer(rebasing: memory[..<filled])
        filled = 0
        try write(gathered)
    }

    private func write(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes
        while !rest.isEmpty {
            let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EPIPE { throw ReaderIsGone() }
            guard count > 0 else {
                throw Failure(
                    message: "the output cannot be written: \(String(cString: strerror(errno)))",
                    status: .inputOutput
                )
            }
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
        }
    }
}
