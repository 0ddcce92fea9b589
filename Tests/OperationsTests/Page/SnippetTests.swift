import Glibc
import Testing
import TidegateTestKit
import Yams

@Suite("What the operations page gives to copy")
struct SnippetTests {
    @Test("is a configuration that Prometheus accepts, with the rules it names")
    func scrapeConfiguration() throws {
        let directory = try TemporaryDirectory()
        let page = try OperationsPage()
        try TextFile.write(
            page.block("yaml", with: "scrape_configs"),
            to: directory.path("prometheus.yml")
        )
        try TextFile.write(
            Repository.text("Policies/monitoring/alerts.yaml"),
            to: directory.path("alerts.yaml")
        )
        let words = try ProgramLaunch.run(
            ["promtool", "check", "config", "prometheus.yml"],
            in: directory.path
        )
        #expect(words.contains("SUCCESS: 1 rule files found"))
    }

    @Test("is what Kubernetes reads, with time enough to end")
    func kubernetes() throws {
        let text = try OperationsPage().block("yaml", with: "kind: Deployment")
        let objects = try Yams.compose_all(yaml: text).map { $0 }
        #expect(objects.compactMap { $0["kind"]?.string } == ["Deployment", "Service"])
        // Two processes behind one name would show two lists.
        #expect(objects.first?["spec"]?["replicas"]?.int == 1)
        #expect(objects.first?["spec"]?["strategy"]?["type"]?.string == "Recreate")
        let pod = try #require(objects.first?["spec"]?["template"]?["spec"])
        let grace = try #require(pod["terminationGracePeriodSeconds"]?.int)
        let container = try #require(pod["containers"]?[0])
        let pause = try #require(
            container["lifecycle"]?["preStop"]?["exec"]?["command"]?[1]?.string.flatMap(Int.init)
        )
        // The process itself needs 20 seconds at most.
        #expect(grace > pause + 20)
        #expect(container["readinessProbe"]?["httpGet"]?["path"]?.string == "/readyz")
        let arguments = (container["args"]?.array() ?? []).compactMap(\.string)
        for (index, file) in ["flags.json", "tokens"].enumerated() {
            let mount = try #require(container["volumeMounts"]?[index]?["mountPath"]?.string)
            #expect(arguments.contains("\(mount)/\(file)"))
        }
        try expectKnown(arguments.filter { $0.hasPrefix("--") })
    }

    @Test("is a unit that systemd accepts", .enabled(if: access("/usr/bin/systemd-analyze", X_OK) == 0))
    func unit() throws {
        let directory = try TemporaryDirectory()
        let program = try TidegateCommand.programPath("session-server")
        let unit = try OperationsPage().block("ini", with: "[Service]")
            .replacing("/usr/local/bin/session-server", with: program)
        let path = directory.path("session-server.service")
        try FileContents.write(unit.utf8, to: path)
        let words = try ProgramLaunch.run(["systemd-analyze", "verify", path], in: directory.path)
        #expect(words == "")
    }

    @Test("names no option that the program does not have")
    func options() throws {
        let page = try OperationsPage()
        let unit = try page.block("ini", with: "ExecStart")
        let tables = page.lines.filter { $0.hasPrefix("|") }.joined(separator: "\n")
        let words = (unit + tables).matches(of: /--[a-z][a-z-]+/).map { String($0.0) }
        #expect(words.count > 10)
        // Of other programs.
        try expectKnown(words.filter { !["--state", "--reason"].contains($0) })
    }

    @Test("takes the flag back by hand, as it says")
    func rollbackByHand() throws {
        let line = try OperationsPage().block("sh", with: "mv flags.json.new")
        try ServedFlag.start().use { server in
            try server.waitForMetric(#"rollout_percentage{flag="sse"} 100"#)
            try ProgramLaunch.run(["sh", "-ec", line], in: server.flagFolder)
            try server.waitForMetric(#"rollout_percentage{flag="sse"} 0"#)
            let stream = LoopbackHTTP.send(port: server.port, path: "/api/sse/sessions?client=a")
            #expect(stream?.status == 204)
        }
    }

    @Test("is shell that a shell reads")
    func shell() throws {
        let directory = try TemporaryDirectory()
        let blocks = try OperationsPage().blocks("sh")
        #expect(blocks.count >= 6)
        for block in blocks {
            try TextFile.write(block, to: directory.path("block"))
            try ProgramLaunch.run(["sh", "-n", "block"], in: directory.path)
        }
    }

    @Test("makes a token that lets its owner in, and nobody else")
    func tokens() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path("tokens")
        let lines = try OperationsPage().block("sh", with: "sha256sum")
            .replacing("/etc/session-server/tokens", with: path)
        let token = try ProgramLaunch.run(["sh", "-ec", lines + #"printf %s "$token""#], in: "/tmp")
        try ServedFlag.start("--tokens", path).use { server in
            func status(_ headers: [String: String]) -> Int? {
                LoopbackHTTP.send(port: server.port, path: "/api/sessions?client=a", headers: headers)?
                    .status
            }
            #expect(status([:]) == 401)
            #expect(status(["Authorization": "Bearer \(token)x"]) == 401)
            #expect(status(["Authorization": "Bearer \(token)"]) == 200)
        }
    }

    private func expectKnown(_ options: [String]) throws {
        let help = try ProgramLaunch.run(
            [TidegateCommand.programPath("session-server"), "--help"],
            in: "/tmp"
        )
        for option in Set(options) {
            #expect(help.contains("\(option) ") || help.contains("\(option)\n"), "\(option)")
        }
    }
}
