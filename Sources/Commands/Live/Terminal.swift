import Glibc

/// The terminal a run is shown on.
struct Terminal: Sendable {
    /// Asked at each frame: it may be resized at any time.
    var size: @Sendable () -> Size
    /// Whether it shows more than ASCII.
    var isUnicode: Bool
    /// Whether standard error is a terminal as well.
    var hasErrorsToo: Bool
    /// Whether the process was stopped and continued since this was last asked: others have written by then.
    var wasContinued: @Sendable () -> Bool

    struct Size: Sendable, Equatable {
        var columns: Int
        var rows: Int

        static let usual = Size(columns: 80, rows: 24)
    }

    static let hideCursor = "\u{1B}[?25l"
    static let showCursor = "\u{1B}[?25h"

    /// The terminal of standard output; nil where that is none that can move its cursor.
    static func ofStandardOutput(
        _ environment: [String: String],
        wasContinued: @escaping @Sendable () -> Bool
    ) -> Terminal? {
        let kind = environment["TERM", default: ""]
        guard isatty(STDOUT_FILENO) == 1, !kind.isEmpty, kind != "dumb" else { return nil }
        return Terminal(
            size: sizeOfStandardOutput,
            isUnicode: isUnicode(environment),
            hasErrorsToo: isatty(STDERR_FILENO) == 1,
            wasContinued: wasContinued
        )
    }

    /// Whether the locale's characters are UTF-8: the first of its variables that is set decides.
    static func isUnicode(_ environment: [String: String]) -> Bool {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
        let codeset = locale?.lowercased().split(separator: ".").last?.split(separator: "@").first
        return codeset == "utf-8" || codeset == "utf8"
    }

    private static func sizeOfStandardOutput() -> Size {
        var window = winsize()
        let asked = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &window)
        guard asked == 0, window.ws_col > 0, window.ws_row > 0 else { return .usual }
        return Size(columns: Int(window.ws_col), rows: Int(window.ws_row))
    }
}
