import Glibc

/// What the kernel says about this process, read from `/proc` when a page is written.
///
/// What cannot be read is not on the page.
struct ProcessStatistics: Sendable {
    /// Seconds since 1970; it never changes, so it is read once.
    private let startTime: Double?

    private static let start = MetricDescription(
        name: "process_start_time_seconds",
        help: "When the process started, in seconds since the Unix epoch."
    )
    private static let memory = MetricDescription(
        name: "process_resident_memory_bytes",
        help: "Memory of the process that is in RAM, in bytes."
    )
    private static let files = MetricDescription(
        name: "process_open_fds",
        help: "File descriptors the process has open."
    )

    private static let mostFiles = MetricDescription(
        name: "process_max_fds",
        help: "File descriptors the process may have open."
    )
    private static let processor = MetricDescription(
        name: "process_cpu_seconds_total",
        help: "Time the process has spent on processors, in seconds."
    )

    static let descriptions = [start, memory, files, mostFiles, processor]

    init() {
        startTime = Self.readStartTime()
    }

    /// One metric for each number that could be read.
    func exported() -> [ExportedFamily] {
        let values: [(MetricDescription, MetricType, Double?)] = [
            (Self.start, .gauge, startTime), (Self.memory, .gauge, Self.readResidentMemory()),
            (Self.files, .gauge, Self.countOpenFiles()), (Self.mostFiles, .gauge, Self.readFileLimit()),
            (Self.processor, .counter, Self.readProcessorTime()),
        ]
        return values.compactMap { description, type, value in
            guard let value else { return nil }
            let identity = SeriesIdentity(label: description.name, dimensions: [], of: type)
            return ExportedFamily(
                name: description.name,
                help: description.help,
                type: type,
                // A series of one moment: what it is called on the page is the family's business.
                series: [GaugeSeries(identity, value: value)]
            )
        }
    }

    /// Boot time from `/proc/stat` plus the 22nd field of `/proc/self/stat`, in clock ticks since then (proc(5)).
    private static func readStartTime() -> Double? {
        let ticksPerSecond = Double(sysconf(Int32(_SC_CLK_TCK)))
        guard let process = read("/proc/self/stat"), let system = read("/proc/stat"), ticksPerSecond > 0,
            // The second field is the program's name in parentheses and may contain spaces and parentheses.
            let nameEnd = process.lastIndex(of: ")"),
            let ticks = process[nameEnd...].split(separator: " ").dropFirst(20).first.flatMap({ Double($0) }),
            let bootLine = system.split(separator: "\n").first(where: { $0.hasPrefix("btime ") }),
            let boot = Double(bootLine.dropFirst("btime ".count))
        else { return nil }
        return boot + ticks / ticksPerSecond
    }

    /// The second field of `/proc/self/statm`, in pages.
    private static func readResidentMemory() -> Double? {
        guard let text = read("/proc/self/statm"),
            let pages = text.split(separator: " ").dropFirst().first.flatMap({ Double($0) })
        else { return nil }
        return pages * Double(sysconf(Int32(_SC_PAGESIZE)))
    }

    private static func countOpenFiles() -> Double? {
        guard let directory = opendir("/proc/self/fd") else { return nil }
        defer { closedir(directory) }
        var entries = 0
        while readdir(directory) != nil { entries += 1 }
        // Not `.`, `..`, and the descriptor this very look needs.
        return Double(entries - 3)
    }

    /// The soft limit, the one that opening a file fails at.
    private static func readFileLimit() -> Double? {
        let limit = sysconf(Int32(_SC_OPEN_MAX))
        return limit > 0 ? Double(limit) : nil
    }

    /// The time of all threads together, those that have ended included.
    private static func readProcessorTime() -> Double? {
        var time = timespec()
        guard clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0 else { return nil }
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private static func read(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16 * 1024)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return nil }
            guard count > 0 else { break }
            content += chunk[..<count]
        }
        return String(decoding: content, as: UTF8.self)
    }
}
