import Glibc

/// Reads lines of any length from a file or a pipe, in big blocks and in as much memory as the longest line needs.
final class LineReader {
    private let descriptor: Int32
    private let name: String
    private var buffer: UnsafeMutableRawBufferPointer
    /// How much of the buffer has been read into.
    private var filled = 0

    private static let blockSize = 256 * 1_024

    /// Opens a file; `-` is standard input.
    ///
    /// - Throws: ``Failure`` with status 65 where it cannot be opened.
    init(_ path: String) throws(Failure) {
        name = path == "-" ? "standard input" : path
        descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        buffer = .allocate(byteCount: Self.blockSize, alignment: 16)
        guard descriptor >= 0 else { throw failure("cannot be opened") }
    }

    deinit {
        buffer.deallocate()
        if descriptor > STDIN_FILENO { close(descriptor) }
    }

    /// Reads everything there is.
    ///
    /// A line ends with LF or CRLF, and the last one need not end at all. A byte order mark at the very beginning is
    /// no part of the first.
    ///
    /// - Parameters:
    ///   - body: Called with each line without its end, and its number from 1. The bytes are UTF-8, and gone after.
    ///   - pause: Called before waiting for more.
    /// - Throws: ``Failure`` with status 65 for a line that is not UTF-8, and what either closure throws.
    func forEachLine(
        _ body: (UnsafeRawBufferPointer, Int) throws -> Void,
        pause: () throws -> Void = {}
    ) throws {
        var number = 0
        // Nothing before has a line break.
        var searched = 0
        while try fill(pausing: pause) {
            var start = 0
            while let end = lineBreak(from: searched) {
                number += 1
                try body(line(start..<end, number), number)
                start = end + 1
                searched = start
            }
            keep(from: start)
            searched = filled
        }
        if filled > 0 { try body(line(0..<filled, number + 1), number + 1) }
    }

    /// Reads one more block behind what is there; false at the end.
    private func fill(pausing pause: () throws -> Void) throws -> Bool {
        if filled == buffer.count { grow() }
        try pause()
        while true {
            let count = read(descriptor, buffer.baseAddress.map { $0 + filled }, buffer.count - filled)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure("cannot be read") }
            filled += count
            return count > 0
        }
    }

    private func grow() {
        let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: buffer.count * 2, alignment: 16)
        larger.copyMemory(from: UnsafeRawBufferPointer(buffer))
        buffer.deallocate()
        buffer = larger
    }

    private func lineBreak(from start: Int) -> Int? {
        guard start < filled, let base = buffer.baseAddress else { return nil }
        guard let found = memchr(base + start, CInt(UInt8(ascii: "\n")), filled - start) else { return nil }
        return UnsafeMutableRawPointer(found) - base
    }

    /// Moves the beginning of a line that has not ended to the front.
    private func keep(from start: Int) {
        guard start > 0, let base = buffer.baseAddress else { return }
        memmove(base, base + start, filled - start)
        filled -= start
    }

    private func line(_ range: Range<Int>, _ number: Int) throws(Failure) -> UnsafeRawBufferPointer {
        var line = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[range])
        if line.last == UInt8(ascii: "\r") { line = UnsafeRawBufferPointer(rebasing: line.dropLast()) }
        guard !line.isASCII else { return line }
        guard line.withMemoryRebound(to: UInt8.self, { String(validating: $0, as: UTF8.self) }) != nil else {
            throw Failure(
                message: "\(name): line \(number) is not UTF-8",
                hint: "ids are hashed byte by byte; convert the file, for example with iconv",
                status: .badData
            )
        }
        if number == 1, line.starts(with: [0xef, 0xbb, 0xbf]) {
            line = UnsafeRawBufferPointer(rebasing: line.dropFirst(3))
        }
        return line
    }

    private func failure(_ what: String) -> Failure {
        Failure(message: "\(name) \(what): \(String(cString: strerror(errno)))", status: .badData)
    }
}

extension UnsafeRawBufferPointer {
    /// Whether no byte has its highest bit set, eight of them at a time.
    var isASCII: Bool {
        var bits: UInt64 = 0
        var place = 0
        while place &+ 8 <= count {
            bits |= loadUnaligned(fromByteOffset: place, as: UInt64.self)
            place &+= 8
        }
        while place < count {
            bits |= UInt64(self[place])
            place &+= 1
        }
        return bits & 0x8080_8080_8080_8080 == 0
    }
}
