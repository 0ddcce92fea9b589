import Assignment
import FoundationEssentials
import Rollout

/// JSON for programs: keys sorted, one object on one line.
enum JSONText {
    static func encode(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}

/// A moment as `2026-01-01T00:00:00Z`.
enum TimeText {
    static func utc(_ moment: Timestamp) -> String {
        let date = Date(timeIntervalSince1970: moment.secondsSinceEpoch.rounded(.down))
        return date.formatted(.iso8601)
    }

    /// The time of day as `00:00:00`, in UTC.
    static func clock(_ moment: Timestamp) -> String {
        String(utc(moment).dropFirst(11).prefix(8))
    }
}

/// An error for programs.
struct FailureView: Encodable {
    var schemaVersion = 1
    var kind = "error"
    var error: String
    var details: [String]
    var hint: String?
    var exitStatus: Int32

    init(_ failure: Failure) {
        error = failure.message
        details = failure.details
        hint = failure.hint
        exitStatus = failure.status.rawValue
    }
}
