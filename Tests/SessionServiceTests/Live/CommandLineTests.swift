import Glibc
import Testing
import TidegateTestKit

@Suite("The session-server program", .ownThreads, .timeLimit(.minutes(2)))
struct CommandLineTests {
    /// Runs a shell line in which `"$0" "$@"` is the program with its arguments.
    private func shell(_ line: String, _ arguments: [String]) throws -> [String] {
        let program = try TidegateCommand.programPath("session-server")
        return ["env", "-i", "PATH=/usr/bin:/bin", "sh", "-c", line, program] + arguments
    }

    @Test(
        "refuses what it does not understand, with the status for that",
        arguments: [
            ["--port", "65536"], ["--ping", "15"], ["--ping", "0s"], ["--fail-sse", "1.5"],
            ["--fail-all", "nan"], ["--churn", "-1"], ["--simulate-clients", "0"], ["--control", "sse"],
            ["--nix"], ["--first-event", "0s"], ["--probe", "1"], ["--suspend", "-1s"],
            ["--max-streams", "0"],
            ["--max-streams-per-client", "0"], ["--requests-per-minute", "many"],
            ["--assignments-per-minute", "0"], ["--stream-openings-per-minute", "1000001"],
            ["--stream-openings-per-second", "0"],
        ]
    )
    func refusesOptions(arguments: [String]) throws {
        let directory = try TemporaryDirectory()
        let line = #""$0" "$@" 2>&1; echo "status $?""#
        let output = try ProgramLaunch.run(shell(line, arguments), in: directory.path)
        #expect(output.contains(arguments[0]))
        #expect(output.hasSuffix("status 64\n"), "\(output)")
    }

    @Test("says what is wrong with the environment, with the status for that")
    func refusesEnvironment() throws {
        let directory = try TemporaryDirectory()
        let line = #"SSE_ENABLED=yes "$0" "$@" 2>&1; echo "status $?""#
        let output = try ProgramLaunch.run(shell(line, ["--port", "0"]), in: directory.path)
        #expect(
            output.hasPrefix("error: environment variable SSE_ENABLED: 'yes' is not true or false\nhint: ")
        )
        #expect(output.hasSuffix("status 78\n"), "\(output)")
    }

    @Test(
        "says which value of an option means nothing, and what would",
        arguments: [
            (["--trusted-proxy", "10.0.0.0/33"], 64), (["--allow-host", "a:80"], 64),
            (["--allow-origin", "*"], 64), (["--folders", "/nowhere"], 74), (["--tokens", "/nowhere"], 74),
        ]
    )
    func refusesValues(arguments: [String], status: Int) throws {
        let directory = try TemporaryDirectory()
        let line = #""$0" "$@" 2>&1; echo "status $?""#
        let output = try ProgramLaunch.run(shell(line, ["--port", "0"] + arguments), in: directory.path)
        #expect(output.hasPrefix("error: ") && output.contains("\nhint: "), "\(output)")
        #expect(output.contains(arguments[1]) && output.hasSuffix("status \(status)\n"), "\(output)")
    }

    @Test("says where its token file is wrong")
    func refusesTokens() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path("tokens")
        try FileContents.write("# who\nops 12ab\n".utf8, to: path)
        let line = #""$0" "$@" 2>&1; echo "status $?""#
        let output = try ProgramLaunch.run(
            shell(line, ["--port", "0", "--tokens", path]),
            in: directory.path
        )
        #expect(output.hasPrefix("error: \(path):2:5: here should be a SHA-256"), "\(output)")
        #expect(output.contains("sha256sum") && output.hasSuffix("status 78\n"), "\(output)")
    }

    @Test("says where it listens, serves simulated clients, and ends well when asked to")
    func serves() throws {
        let line = #"trap : TERM; "$0" "$@" & wait; wait $!; echo "status $?""#
        let arguments = [
            "--port", "0", "--simulate-clients", "50", "--client-minute", "1s", "--drain", "0s",
        ]
        let program = try RunningProgram(shell(line, arguments), in: RunningProgram.makeDirectory())
        let announcement = "listening on http://127.0.0.1:"
        try program.waitUntil { program.output.contains(/listening on .*\n/) }
        let rest = program.output.firstRange(of: announcement).map { program.output[$0.upperBound...] }
        let port = try #require(UInt16(rest?.prefix { $0.isNumber } ?? ""))
        func get(_ path: String) -> (status: Int, body: String)? {
            LoopbackHTTP.send(port: port, path: path)
        }
        // They do not all come at once.
        try program.waitUntil {
            let page = get("/metrics")?.body ?? ""
            return page.contains(/session_clients{flag="sse",variant="polling"} [1-9]/)
        }
        #expect(get("/api/faults")?.status == 200)
        kill(-program.processID, SIGTERM)
        try program.waitUntil { program.output.contains("status ") }
        #expect(program.output.hasSuffix("status 0\n"), "\(program.output)")
    }
}
