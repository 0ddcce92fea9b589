import Glibc
import PrometheusMetrics
import Testing
import TidegateTestKit

@Suite("The process's own metrics")
struct ProcessStatisticsTests {
    private let metrics = PrometheusMetrics()

    @Test("say when the process started, as `ps` does")
    func startTime() throws {
        let started = try #require(metrics.value(of: "process_start_time_seconds"))
        let age = try ProgramLaunch.run(["ps", "-o", "etimes=", "-p", "\(getpid())"], in: "/tmp")
        let seconds = try #require(Double(age.filter { $0.isNumber }))
        // Both round to seconds, and asking took a while.
        #expect(abs(Double(time(nil)) - seconds - started) < 5)
        #expect(PrometheusMetrics().value(of: "process_start_time_seconds") == started)
    }

    @Test("say how much memory is used, in bytes")
    func memory() throws {
        let bytes = try #require(metrics.value(of: "process_resident_memory_bytes"))
        #expect(bytes > 1e6 && bytes < 1e11)
        #expect(bytes.truncatingRemainder(dividingBy: Double(sysconf(Int32(_SC_PAGESIZE)))) == 0)
    }

    @Test("count the open files")
    func openFiles() throws {
        let count = 200
        let opened = (0..<count).map { _ in open("/dev/null", O_RDONLY | O_CLOEXEC) }
        defer { for descriptor in opened { close(descriptor) } }
        try #require(opened.allSatisfy { $0 >= 0 })
        let seen = try #require(metrics.value(of: "process_open_fds"))
        #expect(seen >= Double(count))
        // Other tests hold a few, but no descriptor lies above the highest one.
        #expect(seen <= Double(sysconf(Int32(_SC_OPEN_MAX))))
    }

    @Test("say how many files may be open")
    func fileLimit() throws {
        let limit = try ProgramLaunch.run(["sh", "-c", "ulimit -Sn"], in: "/tmp")
        #expect(metrics.value(of: "process_max_fds") == Double(limit.filter { $0.isNumber }))
    }

    @Test("count the time on processors, which only grows")
    func processorTime() throws {
        let before = try #require(metrics.value(of: "process_cpu_seconds_total"))
        // Work that nobody can leave out: it asks until the clock has moved on.
        while try #require(metrics.value(of: "process_cpu_seconds_total")) < before + 0.01 {}
        let used = try ProgramLaunch.run(["ps", "-o", "cputimes=", "-p", "\(getpid())"], in: "/tmp")
        let seconds = try #require(Double(used.filter { $0.isNumber }))
        let after = try #require(metrics.value(of: "process_cpu_seconds_total"))
        // ps cuts fractions off, and rounds threads one by one.
        #expect(seconds + 2 >= before && seconds <= after + 1)
    }

    @Test("come with help and type")
    func described() {
        for (name, type) in [
            ("process_start_time_seconds", "gauge"), ("process_resident_memory_bytes", "gauge"),
            ("process_open_fds", "gauge"), ("process_max_fds", "gauge"),
            ("process_cpu_seconds_total", "counter"),
        ] {
            #expect(metrics.text.contains("# HELP \(name) "))
            #expect(metrics.text.contains("# TYPE \(name) \(type)\n"))
        }
    }
}
