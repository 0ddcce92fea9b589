import ArgumentParser
import Assignment

/// `tidegate assign`: which variant clients get.
struct Assign: TidegateVerb {
    static let configuration = CommandConfiguration(
        commandName: "assign",
        abstract: "Which variant clients get, by a rollout as it stands or by a percentage.",
        discussion: """
            Ids come from --id, or one a line from a file with --from FILE, or from standard input with --from -. \
            Without a policy: --flag NAME --percentage P. How the shares came out follows on standard error.
            """
    )

    @OptionGroup var allocation: AllocationOptions
    @OptionGroup var state: StateOption
    @OptionGroup var output: OutputOptions

    @Option(
        name: .customLong("id"),
        help: ArgumentHelp("A client's id; may be given again.", valueName: "id")
    )
    var ids: [String] = []

    @Option(
        help: ArgumentHelp("Read ids from a file, one a line; '-' is standard input.", valueName: "file"),
        completion: .file()
    )
    var from: String?

    @Flag(help: "Print a table: id,variant,bucket,reason.")
    var csv = false

    func validate() throws {
        if ids.isEmpty == (from == nil) { throw ValidationError("give ids either by --id or by --from") }
        if csv, output.json { throw ValidationError("--csv and --json are two formats; choose one") }
    }

    func execute(_ invocation: Invocation) throws -> ExitStatus {
        let flag = try invocation.assignedFlag(allocation, state)
        let buffer = OutputBuffer()
        do {
            let format: AssignmentWriter.Format = output.json ? .jsonLines : csv ? .csv : .text
            let writer = try AssignmentWriter(format, flag, to: buffer)
            let tally = try assign(flag, writer, buffer)
            try buffer.flush()
            if from != nil, !output.quiet {
                for line in tally.lines(flag) { invocation.console.notice(line) }
            }
        } catch is OutputBuffer.ReaderIsGone {
            return .fine
        }
        return .fine
    }

    private func assign(_ flag: AssignedFlag, _ writer: AssignmentWriter, _ buffer: OutputBuffer) throws
        -> AssignmentTally
    {
        let assigner = flag.assigner
        var tally = AssignmentTally()
        func assign(_ id: UnsafeRawBufferPointer) throws {
            let assigned = id.withMemoryRebound(to: UInt8.self) { assigner.assign(utf8: $0.span) }
            tally.count(assigned)
            try writer.write(id, assigned)
        }
        for id in ids { try Array(id.utf8).withUnsafeBytes { try assign($0) } }
        guard let from else { return tally }
        do {
            try LineReader(from).forEachLine({ id, _ in try assign(id) }, pause: buffer.flush)
        } catch let failure as Failure {
            // What was right so far is not lost.
            try buffer.flush()
            throw failure
        }
        return tally
    }
}
