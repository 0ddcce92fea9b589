import StreamLoad

/// What is put under load.
struct Subjects {
    /// The path of `session-server`.
    var service: String
    /// The path of this program, which can be the floor.
    var bench: String

    /// Starts the service with its flag on for all, and with limits that a single machine full of clients is below.
    ///
    /// - Parameter options: More of its options.
    /// - Returns: The service, listening.
    /// - Throws: `LoadFailure` when it does not start.
    func startService(_ options: [String] = []) throws(LoadFailure) -> ServerProcess {
        let limits = [
            // Every stream says an address of its own, so that what counts for one caller holds as it would.
            "--trusted-proxy", "127.0.0.1",
            "--max-streams", "100000", "--stream-openings-per-second", "1000000",
            "--requests-per-minute", "1000000",
        ]
        return try ServerProcess(
            [service, "--port", "0"] + limits + options,
            environment: ["SSE_ENABLED": "true", "SSE_ROLLOUT_PERCENTAGE": "100"]
        )
    }

    func startFloor() throws(LoadFailure) -> ServerProcess {
        try ServerProcess([bench, "floor"])
    }
}
