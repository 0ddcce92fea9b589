import FoundationEssentials
import Testing
import TidegateTestKit

/// What the program prints with `--json`, read the way another program would.
struct Report: Decodable, Equatable {
    var schemaVersion: Int
    var kind: String
    var exitStatus: Int32
    var phase: String?
    var phaseReason: String?
    var decision: String?
    var exposure: Double?
    var ordered: Double?
    var revision: Int?
    var generation: Int?
    var reasons: [Words]?
    var checks: [Check]?
    var problems: [String]?
    var error: String?
    var hint: String?

    struct Words: Decodable, Equatable {
        var code: String
        var text: String
    }

    struct Check: Decodable, Equatable {
        var name: String
        var cause: String?
        var value: Double?
    }

    var codes: [String] { (reasons ?? []).map(\.code) }
    var causes: [String] { (checks ?? []).compactMap(\.cause) }
}

extension CommandOutcome {
    /// The one JSON object on standard output.
    ///
    /// Also expects that it repeats the exit status.
    func report(sourceLocation: SourceLocation = #_sourceLocation) throws -> Report {
        let report = try #require(
            try? JSONDecoder().decode(Report.self, from: Data(output.utf8)),
            "\(self)",
            sourceLocation: sourceLocation
        )
        #expect(report.schemaVersion == 1, sourceLocation: sourceLocation)
        #expect(report.exitStatus == status, "\(self)", sourceLocation: sourceLocation)
        return report
    }
}
