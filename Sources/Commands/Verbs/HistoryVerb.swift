import ArgumentParser
import Assignment
import Rollout
import Stepping

/// `tidegate history`: every decision and why.
struct History: TidegateVerb {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Every decision about a flag, and why.",
        discussion: "Equal holds in a row are one line with a count. With --json one object a line."
    )

    @OptionGroup var subject: SubjectArgument
    @OptionGroup var state: StateOption
    @OptionGroup var output: OutputOptions

    @Option(name: [.customShort("n"), .long], help: "Show this many of the newest records.")
    var limit = 50

    func validate() throws {
        if limit < 1 { throw ValidationError("--limit is at least 1") }
    }

    func execute(_ invocation: Invocation) throws -> ExitStatus {
        let subject = try invocation.wiring.subject(subject.subject, state: state)
        let store = invocation.wiring.stateStoreReader(subject.store)
        let records = try store.history(flag: subject.flag, limit: limit)
        if output.json {
            for record in records {
                invocation.console.json(try JSONText.encode(HistoryView(record)))
            }
        } else if records.isEmpty {
            invocation.console.result(["\(subject.flag): no history yet"])
        } else {
            invocation.console.result(records.flatMap { $0.text(invocation.console) })
        }
        return .fine
    }
}

/// One record, for programs.
private struct HistoryView: Encodable {
    var schemaVersion = 1
    var kind = "history"
    var number: Int64
    var at: String
    var lastAt: String
    var count: Int
    var entry: LedgerEntry

    init(_ record: LedgerRecord) {
        number = record.number
        at = TimeText.utc(record.entry.at)
        lastAt = TimeText.utc(record.lastAt)
        count = record.count
        entry = record.entry
    }
}

extension LedgerRecord {
    fileprivate func text(_ console: Console) -> [String] {
        let change = entry.from == entry.to ? "at \(entry.to)" : "\(entry.from) → \(entry.to)"
        let times = count > 1 ? " (\(count) times, last \(TimeText.utc(lastAt)))" : ""
        let actor = entry.actor.map { " by \($0)" } ?? ""
        let head =
            "\(TimeText.utc(entry.at))  \(console.painted(entry.event.words, entry.event.colour)) "
            + "\(change), revision \(entry.revision)\(actor)\(times)"
        // Who asked stands in the first line already.
        let asked = entry.actor.map { "asked for by \($0)" }
        return [head]
            + entry.reasons.map(\.text).filter { $0 != asked }
            .flatMap { Paragraph.lines($0, after: "    ") }
    }
}

extension LedgerEvent {
    fileprivate var words: String {
        switch self {
        case .started: "started"
        case .adopted: "adopted"
        case .confirmed: "confirmed"
        case .advanced: "advanced"
        case .completed: "completed"
        case .held: "held"
        case .paused: "paused"
        case .resumed: "resumed"
        case .promoted: "promoted"
        case .rolledBack: "rolled back"
        case .policyAccepted: "policy accepted"
        case .withdrawn: "withdrawn"
        case .driftAccepted: "drift accepted"
        case .reasserted: "reasserted"
        }
    }

    fileprivate var colour: Colour {
        switch self {
        case .rolledBack: .red
        case .paused, .withdrawn: .yellow
        case .advanced, .completed, .started, .adopted: .green
        case .confirmed, .held, .resumed, .promoted, .policyAccepted, .driftAccepted, .reasserted: .faint
        }
    }
}
