import Glibc
import Synchronization

/// The signals that end a run, and those that interrupt its drawing.
///
/// The first one asks for the end of the tick; the second one kills. A handler may do next to nothing: it sets
/// flags, writes a few bytes, and sends signals.
enum StopSignals {
    private static let stops = Atomic<Int>(0)
    private static let continues = Atomic<Bool>(false)
    private static let isDrawing = Atomic<Bool>(false)

    /// Whether somebody said stop.
    @Sendable static func wasStopped() -> Bool { stops.load(ordering: .relaxed) > 0 }

    /// Whether the process was stopped and continued since this was last asked.
    @Sendable static func wasContinued() -> Bool { continues.exchange(false, ordering: .relaxed) }

    /// Catches SIGINT, SIGTERM and SIGHUP, except those that whoever started the process has it ignore.
    static func install() {
        for signal in [SIGINT, SIGTERM, SIGHUP] { catching(signal, by: stopped) }
    }

    /// From now on the cursor is hidden, and shown again before the process stops or dies.
    static func beginDrawing() {
        isDrawing.store(true, ordering: .relaxed)
        catching(SIGTSTP, by: suspended)
        catching(SIGCONT, by: continued)
    }

    private static let stopped: @convention(c) (Int32) -> Void = { signal in
        guard StopSignals.stops.add(1, ordering: .relaxed).newValue > 1 else { return }
        StopSignals.dieOrStop(by: signal)
    }

    private static let suspended: @convention(c) (Int32) -> Void = { StopSignals.dieOrStop(by: $0) }

    private static let continued: @convention(c) (Int32) -> Void = { _ in
        StopSignals.continues.store(true, ordering: .relaxed)
        StopSignals.catching(SIGTSTP, by: StopSignals.suspended)
    }

    /// What the signal does by default; it arrives when the handler returns.
    private static func dieOrStop(by signal: Int32) {
        if isDrawing.load(ordering: .relaxed) {
            let sequence: StaticString = "\u{1B}[?25h"
            _ = write(STDOUT_FILENO, sequence.utf8Start, sequence.utf8CodeUnitCount)
        }
        Glibc.signal(signal, SIG_DFL)
        raise(signal)
    }

    private static func catching(_ signal: Int32, by handler: @escaping @convention(c) (Int32) -> Void) {
        var former = sigaction()
        sigaction(signal, nil, &former)
        guard !former.isIgnoring else { return }
        var action = sigaction()
        action.__sigaction_handler.sa_handler = handler
        // An interrupted call begins anew by itself; only a sleep ends early.
        action.sa_flags = SA_RESTART
        sigaction(signal, &action, nil)
    }
}

extension sigaction {
    /// Whether the signal is ignored, as by `nohup`, or by a shell for what it runs in the background.
    fileprivate var isIgnoring: Bool {
        unsafeBitCast(__sigaction_handler.sa_handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }
}
