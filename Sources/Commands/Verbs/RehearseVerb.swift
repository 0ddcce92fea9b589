import ArgumentParser
import PolicyFiles
import Rehearsal
import Rollout
import Stepping

/// `tidegate rehearse`: the whole rollout in virtual time.
struct Rehearse: TidegateVerb {
    static let configuration = CommandConfiguration(
        commandName: "rehearse",
        abstract: "Play the whole rollout in virtual time; touches and contacts nobody.",
        discussion: """
            A made-up service stands in for yours, and the policy's own limits say how it fares. The same seed \
            plays the same rehearsal. Exits with 0 when the rollout completes, 10 when it is rolled back, 11 \
            when it waits for a person.
            """
    )

    @OptionGroup var policy: PolicyArgument

    @Option(help: ArgumentHelp("What happens:", valueName: "name"))
    var scenario: Scenario.Name

    @Option(help: ArgumentHelp("Requests per second, of all clients together.", valueName: "number"))
    var traffic = Scenario.defaultRequestsPerSecond

    @Option(help: ArgumentHelp("The seed of all that is left to chance.", valueName: "n"))
    var seed: UInt64 = 1

    @OptionGroup var output: OutputOptions

    /// Beyond it counts would no longer be exact.
    private static let mostTraffic = 1e9

    func validate() throws {
        if !(traffic > 0 && traffic <= Self.mostTraffic) {
            throw ValidationError("--traffic is above 0 and at most \(Int(Self.mostTraffic))")
        }
    }

    func execute(_ invocation: Invocation) throws -> ExitStatus {
        let loaded = try invocation.wiring.policy(policy.policy)
        let scenario = Scenario.named(scenario, requestsPerSecond: traffic)
        let rehearsal = Rehearsal(
            policy: loaded.policy,
            digest: loaded.digest,
            scenario: scenario,
            seed: seed
        )
        let view = RehearsalView(try rehearsal.run(), of: loaded, scenario: scenario, seed: seed)
        if output.json {
            invocation.console.json(try JSONText.encode(view))
        } else {
            invocation.console.result(view.text(invocation.console))
        }
        return view.status
    }
}

extension Scenario.Name: ExpressibleByArgument {
    package static var allValueDescriptions: [String: String] {
        Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0.summary) })
    }
}
