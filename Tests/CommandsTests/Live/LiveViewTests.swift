import Glibc
import Testing
import TidegateTestKit

@testable import Commands

@Suite("The live view on a terminal")
struct LiveViewTests {
    private static let utf8 = ["TERM": "xterm-256color", "LANG": "C.UTF-8"]

    private func run(_ site: Site, on terminal: PseudoTerminal, adding variables: [String: String] = utf8)
        throws -> CommandProcess
    {
        var command = site.command("run", adding: variables)
        command.wrapper = TidegateCommand.shell(terminal.redirection)
        return try command.start()
    }

    private func waitUntil(_ terminal: PseudoTerminal, shows words: String) throws {
        let deadline = ContinuousClock.now + .seconds(50)
        while !terminal.shown.contains(words) {
            try #require(ContinuousClock.now < deadline, "never shown: \(words)\n\(terminal.shown)")
            usleep(20_000)
            terminal.read()
        }
    }

    @Test("draws frames in place, hides the cursor meanwhile, and shows it again at the end")
    func draws() throws {
        let site = try Site.unhurried()
        let terminal = try PseudoTerminal()
        let run = try run(site, on: terminal)
        try waitUntil(terminal, shows: "sse: progressing at 10 %")
        // The second frame begins by going back to the first line of the first.
        try waitUntil("a second frame") {
            terminal.read()
            return terminal.shown.contains(#/\u{1B}\[[0-9]+A/#)
        }
        run.send(SIGINT)
        let outcome = try run.outcome()
        terminal.read()
        #expect(outcome.status == 11, "\(outcome)")
        #expect(terminal.shown.hasPrefix(Terminal.hideCursor))
        #expect(terminal.shown.hasSuffix(Terminal.showCursor))
        #expect(terminal.shown.contains("sse started at 10 %"))
        #expect(terminal.shown.contains("server-errors"))
        #expect(terminal.shown.contains("nobody watches it now"))
        #expect(terminal.shown.contains("\u{1B}[32m"))
        #expect(outcome.errors.contains("nobody watches it now"))
    }

    @Test("follows the terminal's size")
    func resizes() throws {
        let site = try Site.unhurried()
        let terminal = try PseudoTerminal(columns: 80)
        let run = try run(site, on: terminal, adding: Self.utf8.merging(["NO_COLOR": "1"]) { $1 })
        func headers() -> [Int] {
            terminal.shown.split(separator: "\n").filter { $0.contains("── sse: progressing") }
                .map { DisplayWidth.of($0.drop { $0 != "─" }.prefix { $0 != "\u{1B}" }) }
        }
        try waitUntil(terminal, shows: "── sse: progressing")
        terminal.resize(columns: 60, rows: 24)
        let deadline = ContinuousClock.now + .seconds(50)
        while headers().last != 60 {
            try #require(ContinuousClock.now < deadline, "\(headers())")
            usleep(20_000)
            terminal.read()
        }
        #expect(headers().first == 80)
        run.send(SIGTERM)
        #expect(try run.outcome().status == 11)
        #expect(!terminal.shown.contains("\u{1B}[32m"))
    }

    @Test("is killed at once by a second Ctrl-C in a tick that hangs, and gives the cursor back")
    func secondInterrupt() throws {
        let front = try Front()
        let site = try Site(metrics: front.url) { $0.metricsKeys = "lag: 0s, timeout: 50s" }
        try site.startedEarlier()
        try front.become(.timeout)
        let terminal = try PseudoTerminal()
        let run = try run(site, on: terminal)
        try waitUntil("SIGTSTP is caught") { Self.signals("SigCgt", of: run) & Self.bit(SIGTSTP) != 0 }
        run.send(SIGINT)
        try waitUntil("the first has arrived") { Self.signals("ShdPnd", of: run) & Self.bit(SIGINT) == 0 }
        run.send(SIGINT)
        let outcome = try run.outcome()
        terminal.read()
        #expect(outcome.end == .killed(signal: SIGINT), "\(outcome)")
        #expect(terminal.shown.hasSuffix(Terminal.showCursor))
    }

    private static func bit(_ signal: Int32) -> UInt64 { 1 << UInt64(signal - 1) }

    /// A set of signals as the kernel keeps it of a process; empty where there is none.
    private static func signals(_ name: String, of process: CommandProcess) -> UInt64 {
        let status = TextFile.read("/proc/\(process.processID)/status")
        let line = status.split(separator: "\n").first { $0.hasPrefix("\(name):") }
        return line.flatMap { UInt64($0.dropFirst(name.count + 1).drop { $0 == "\t" }, radix: 16) } ?? 0
    }

    private func waitUntil(_ what: String, _ isSo: () -> Bool) throws {
        let deadline = ContinuousClock.now + .seconds(30)
        while !isSo() {
            try #require(ContinuousClock.now < deadline, "never: \(what)")
            usleep(5_000)
        }
    }

    @Test("is not drawn on a terminal that cannot move its cursor", arguments: ["dumb", ""])
    func dumb(kind: String) throws {
        let site = try Site.unhurried()
        let terminal = try PseudoTerminal()
        let run = try run(site, on: terminal, adding: ["TERM": kind])
        try waitUntil(terminal, shows: "sse started at 10 %")
        run.send(SIGINT)
        #expect(try run.outcome().status == 11)
        terminal.read()
        #expect(!terminal.shown.contains(Terminal.hideCursor))
    }
}
