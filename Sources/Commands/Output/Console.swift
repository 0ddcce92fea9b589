import Glibc

/// Where words go: results to standard output, everything else to standard error.
///
/// Text is gathered and written at once, so that two processes do not mix their lines. A reader that has gone
/// away is a normal end.
struct Console: Sendable {
    var options: OutputOptions
    /// Whether words may be coloured.
    let isColourful: Bool

    init(options: OutputOptions, environment: [String: String]) {
        self.options = options
        let wantsColour = environment["NO_COLOR", default: ""].isEmpty && environment["TERM"] != "dumb"
        isColourful = wantsColour && !options.noColor && isatty(STDOUT_FILENO) == 1
    }

    /// The result, for people; nothing when quiet.
    func result(_ lines: [String]) {
        guard !options.quiet, !lines.isEmpty else { return }
        write(lines.joined(separator: "\n") + "\n", to: STDOUT_FILENO)
    }

    /// The result, for programs: printed even when quiet.
    func json(_ text: String) {
        write(text + "\n", to: STDOUT_FILENO)
    }

    /// Lines for the job runner this runs under; to standard output even when quiet.
    func workflow(_ lines: [String]) {
        for line in lines { write(line + "\n", to: STDOUT_FILENO) }
    }

    /// What a person must know even when quiet.
    func notice(_ line: String) {
        write(line + "\n", to: STDERR_FILENO)
    }

    /// What is drawn on a terminal, as it is: in one write, so that no half of it is ever seen.
    func draw(_ text: String) {
        write(text, to: STDOUT_FILENO)
    }

    /// A word in a colour, where the terminal has colours.
    func painted(_ text: String, _ colour: Colour) -> String {
        isColourful ? "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m" : text
    }

    private func write(_ text: String, to descriptor: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { return }
            bytes = bytes.dropFirst(written)
        }
    }
}

/// The few colours that mean something.
enum Colour: Int {
    case red = 31
    case green = 32
    case yellow = 33
    case bold = 1
    case faint = 2
}
