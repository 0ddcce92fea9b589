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

    @Test("come with help and type")
    func described() {
        for name in ["process_start_time_seconds", "process_resident_memory_bytes", "process_open_fds"] {
            #expect(metrics.text.contains("# HELP \(name) "))
            #expect(metrics.text.contains("# TYPE \(name) gauge\n"))
        }
    }
}
