import Glibc
import TidegateTestKit

/// A terminal of a given size that a program can be given as its standard output.
final class PseudoTerminal {
    /// What the program opens.
    let path: String
    private let descriptor: Int32
    private var bytes: [UInt8] = []

    /// What has been written, without carriage returns.
    var shown: String { String(decoding: bytes, as: UTF8.self) }

    init(columns: UInt16 = 80, rows: UInt16 = 24) throws {
        descriptor = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK)
        var number: Int32 = 0
        var isLocked: Int32 = 0
        guard ioctl(descriptor, Self.unlock, &isLocked) == 0, ioctl(descriptor, Self.getNumber, &number) == 0
        else { throw ProgramError(program: "pty", reason: String(cString: strerror(errno)), output: "") }
        path = "/dev/pts/\(number)"
        resize(columns: columns, rows: rows)
    }

    /// TIOCSPTLCK and TIOCGPTN, whose macros are not imported.
    private static let (unlock, getNumber): (UInt, UInt) = (0x4004_5431, 0x8004_5430)

    deinit { close(descriptor) }

    func resize(columns: UInt16, rows: UInt16) {
        var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(descriptor, UInt(TIOCSWINSZ), &size)
    }

    /// Takes in what has been written since; needed now and then, or the program waits for room.
    func read() {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return }
            // The terminal makes CR LF of every LF, which Swift takes for one character.
            bytes += buffer.prefix(count).filter { $0 != UInt8(ascii: "\r") }
        }
    }

    /// A shell line that gives the terminal to whatever the shell becomes.
    var redirection: String { "exec >\(path)" }
}
