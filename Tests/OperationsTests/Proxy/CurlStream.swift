import TidegateTestKit

/// A client of a stream that shows what it has got so far: curl, writing to a file as it reads.
final class CurlStream: Sendable {
    private let program: RunningProgram

    /// Opens a stream.
    ///
    /// - Parameters:
    ///   - url: Where; `[1-9]` in it stands for several at once.
    ///   - options: More of curl's own.
    /// - Throws: ``ProgramError`` when curl is not installed.
    init(_ url: String, _ options: String...) throws {
        // The last line says that curl has ended, and with it the stream.
        program = try RunningProgram(
            ["sh", "-c", #"curl -sN --max-time 120 "$@"; echo "ended $?"; sleep 300"#, "sh"] + options + [
                url
            ],
            in: RunningProgram.makeDirectory()
        )
    }

    deinit { program.stop() }

    /// All that has arrived.
    var text: String { program.output }

    /// The head of the answer, where `-D head` asked for it.
    var head: String { TextFile.read("\(program.directory)/head") }

    var hasEnded: Bool { text.contains("\nended ") || text.hasPrefix("ended ") }

    /// How many events of this name have arrived.
    func count(_ event: String) -> Int { text.ranges(of: "event: \(event)\n").count }

    /// Waits until a condition holds, which it is asked for again and again.
    func waitUntil(_ isTrue: (CurlStream) -> Bool) throws {
        try program.waitUntil { isTrue(self) }
    }
}
