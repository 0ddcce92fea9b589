import Glibc
import Testing
import TidegateTestKit

@Suite("The systemd units")
struct SystemdExampleTests {
    private static let verifier = "/usr/bin/systemd-analyze"
    private static let isInstalled = access(verifier, X_OK) == 0

    /// What the verifier says about service and timer, instantiated for the policy `sse`.
    private static func verdict(changing change: (String) -> String = { $0 }) throws -> CommandOutcome {
        let directory = try TemporaryDirectory()
        for kind in ["service", "timer"] {
            let file = try ExampleFile("tidegate@.\(kind)")
            // The program must exist where the unit says.
            let text = change(try ExampleFile.moved(file.text, policy: "/etc/tidegate/sse.yaml"))
            try FileContents.write(Array(text.utf8), to: directory.path("tidegate@sse.\(kind)"))
        }
        let units = ["service", "timer"].map { directory.path("tidegate@sse.\($0)") }
        return try TidegateCommand([]).runLine(
            "\(verifier) verify \(units.joined(separator: " "))"
        )
    }

    @Test("are accepted by systemd without a word", .enabled(if: isInstalled))
    func accepted() throws {
        let outcome = try Self.verdict()
        #expect(outcome.status == 0)
        #expect(outcome.output + outcome.errors == "")
    }

    @Test("would not be, were a word misspelt", .enabled(if: isInstalled))
    func misspelt() throws {
        let outcome = try Self.verdict { $0.replacing("OnCalendar", with: "OnCalender") }
        #expect(outcome.errors.contains("OnCalender"))
    }

    @Test("call the same step as the crontab does")
    func sameStep() throws {
        let service = try ExampleFile("tidegate@.service")
        let start = try #require(service.lines.first { $0.hasPrefix("ExecStart=") })
        let cron = try ExampleFile("tidegate.cron")
        let command = start.dropFirst("ExecStart=".count).replacing("%i", with: "sse")
        #expect(cron.lines.contains { $0.hasSuffix(command) })
    }
}
