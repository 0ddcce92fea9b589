import ArgumentParser
import SessionService

/// What makes the service a stage to try things on.
struct SimulationOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Changes of sessions a second (default: 1 with simulated clients, else 0).",
            valueName: "rate"
        )
    )
    var churn: Double?

    @Option(help: ArgumentHelp("The share of opened streams that is answered with 500.", valueName: "ratio"))
    var failSse: Double?

    @Option(help: ArgumentHelp("The share of all requests that is answered with 500.", valueName: "ratio"))
    var failAll: Double?

    @Option(
        help: ArgumentHelp(
            "How many clients use the service over HTTP from within this process.",
            valueName: "n"
        )
    )
    var simulateClients: Int?

    @Option(help: "Decides everything that is random and repeatable.")
    var seed: UInt64 = 1

    func validate() throws {
        for (name, ratio) in [("--fail-sse", failSse), ("--fail-all", failAll)] {
            guard FaultRatios.isRatio(ratio ?? 0) else {
                throw ValidationError("\(name) is not a ratio from 0 to 1")
            }
        }
        guard (0...1_000).contains(churn ?? 0) else {
            throw ValidationError("--churn is not a number from 0 to 1000")
        }
        guard simulateClients ?? 1 > 0 else { throw ValidationError("--simulate-clients is not positive") }
    }

    /// The faults to begin with; nil when none of these options asks for a stage.
    var faults: FaultRatios? {
        guard failSse != nil || failAll != nil || simulateClients != nil else { return nil }
        return FaultRatios(sse: failSse ?? 0, all: failAll ?? 0)
    }
}
