import CEpollFloor
import Glibc
import StreamLoad

/// `Scripts/bench sessions`: what thousands of streams cost the session service, beside the least they could cost.
///
/// Exits with 1 when a limit is broken, 64 for arguments it does not know, 69 when it cannot measure.
@main
enum SessionBench {
    static func main() {
        do throws(LoadFailure) {
            if CommandLine.arguments.dropFirst() == ["floor"] { try serveFloor() }
            let options = try Options(CommandLine.arguments.dropFirst())
            try OpenFiles.allow(options.streams + Options.otherFiles)
            exit(try measured(options) ? 0 : 1)
        } catch {
            StandardError.print("error: \(error.what)\nhint: \(error.hint)")
            exit(error.isUsage ? 64 : 69)
        }
    }

    /// Prints every table as soon as it is known; false when a limit is broken.
    private static func measured(_ options: Options) throws(LoadFailure) -> Bool {
        let subjects = Subjects(service: options.server, bench: CommandLine.arguments[0])
        var holds = true
        func say(_ text: String) {
            print(text)
            // Into a file as soon as it is known, too.
            fflush(nil)
        }
        func report(_ table: Table) {
            say("\n" + table.text)
            holds = holds && table.holds
        }
        say(Machine.description)
        let sizes = options.streams == Options.few ? [Options.few] : [Options.few, options.streams]
        for streams in sizes {
            report(try BroadcastRun(subjects, streams: streams, rounds: options.rounds).table())
        }
        report(try PollingRun(subjects).table())
        report(try StalledRun(subjects, rounds: options.rounds).table())
        report(try ShutdownRun(subjects).table())
        return holds
    }

    /// Becomes the floor: a process of its own, like the service.
    private static func serveFloor() throws(LoadFailure) {
        try OpenFiles.allow(64)
        var port: UInt16 = 0
        let listener = floor_listen(&port)
        guard listener >= 0 else {
            throw LoadFailure("the floor cannot listen: errno \(errno)", hint: "floor")
        }
        print("listening on http://127.0.0.1:\(port)")
        fflush(nil)
        let problem = floor_serve(listener)
        throw LoadFailure("the floor cannot serve: errno \(problem)", hint: "is memory left?")
    }
}

enum StandardError {
    static func print(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        // There is nowhere to say that this failed.
        _ = write(STDERR_FILENO, bytes, bytes.count)
    }
}
