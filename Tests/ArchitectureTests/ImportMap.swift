/// Which room may import what: the picture of the house as a table.
///
/// A room that is not in the table may not exist, and a module that is not in a room's row may not be imported
/// there. The standard library needs no import.
struct ImportMap {
    /// One room's row.
    struct Room {
        /// Modules that any file of the room may import.
        var anywhere: Set<String> = []
        /// Modules that one file alone may import, by that file's name.
        var onlyIn: [String: Set<String>] = [:]
        /// Modules that no more than one file may import, whichever it is.
        var inOneFile: Set<String> = []
    }

    var rooms: [String: Room]

    /// The rooms that reach the outside world; none knows another.
    static let adapters: Set<String> = ["MetricsSources", "FlagTargets", "StateStores"]

    /// The rooms without clock, input, output or randomness.
    static let pure: Set<String> = ["Assignment", "Analysis", "Rollout", "Stepping"]

    /// The house as it is meant.
    static let house = ImportMap(rooms: [
        "Assignment": Room(),
        // The C library for `log`, `exp` and what statistics are made of.
        "Analysis": Room(inOneFile: ["Glibc"]),
        "Rollout": Room(anywhere: ["Assignment", "Analysis"]),
        "Stepping": Room(anywhere: ["Rollout", "Assignment"]),
        // The C library for reading the policy's bytes.
        "PolicyFiles": Room(
            anywhere: ["Rollout", "Assignment", "Yams", "Crypto", "FoundationEssentials"],
            inOneFile: ["Glibc"]
        ),
        "HTTPTransport": Room(anywhere: ["CCurl", "FoundationEssentials", "Glibc"]),
        "MetricsSources": Room(
            anywhere: ["Stepping", "Rollout", "Assignment", "HTTPTransport", "FoundationEssentials", "Glibc"]
        ),
        "FlagTargets": Room(anywhere: ["Stepping", "Rollout", "Assignment", "FoundationEssentials", "Glibc"]),
        "StateStores": Room(
            anywhere: [
                "Stepping", "Rollout", "Assignment", "GRDB", "CSQLite", "FoundationEssentials", "Glibc",
            ]
        ),
        // The C library for logarithms and roots of random draws.
        "Rehearsal": Room(
            anywhere: ["Stepping", "Rollout", "Assignment", "Synchronization"],
            inOneFile: ["Glibc"]
        ),
        "Commands": Room(
            anywhere: [
                "ArgumentParser", "PolicyFiles", "Rehearsal", "Stepping", "Rollout", "Assignment",
                "Analysis", "FoundationEssentials", "Glibc",
            ],
            onlyIn: ["Wiring.swift": adapters],
            // For the version of libcurl, and for what a signal handler may touch.
            inOneFile: ["HTTPTransport", "Synchronization"]
        ),
        "tidegate": Room(anywhere: ["Commands"]),
        "PrometheusMetrics": Room(anywhere: ["CoreMetrics", "Synchronization"], inOneFile: ["Glibc"]),
        // Never the controller.
        "SessionService": Room(
            anywhere: [
                "Assignment", "PrometheusMetrics", "Hummingbird", "HummingbirdCore", "HTTPTypes", "NIOCore",
                "NIOHTTP1", "Configuration",
                "ServiceLifecycle", "Logging", "CoreMetrics", "AsyncAlgorithms", "SystemPackage",
                "Synchronization", "FoundationEssentials", "Glibc", "Crypto",
            ],
            // For its threads that may wait for a disk.
            inOneFile: ["NIOPosix"]
        ),
        // Knows the service by its HTTP only.
        "ClientSimulation": Room(
            anywhere: ["NIOCore", "NIOPosix", "NIOHTTP1", "Logging", "FoundationEssentials", "Glibc"]
        ),
        "session-server": Room(
            anywhere: [
                "SessionService", "ClientSimulation", "ArgumentParser", "ServiceLifecycle", "UnixSignals",
                "Logging",
                "FoundationEssentials", "Glibc",
            ]
        ),
        "assignment-bench": Room(anywhere: ["Assignment", "CMurmur3", "Glibc"]),
        // The C library for logarithms and roots of random draws.
        "OperatingCharacteristics": Room(
            anywhere: ["Assignment", "Analysis", "Rollout"],
            inOneFile: ["Glibc"]
        ),
        "analysis-bench": Room(
            anywhere: ["OperatingCharacteristics", "Analysis", "FoundationEssentials", "Glibc"]
        ),
        // C only.
        "CMurmur3": Room(),
        // A module map and a header; no Swift.
        "CCurl": Room(),
        "CSQLite": Room(),
    ])
}

/// An import the map does not allow.
struct Trespass: Equatable, CustomStringConvertible {
    var file: SourceFile
    var module: String
    var why: String

    var description: String { "\(file.room)/\(file.path) imports \(module): \(why)" }
}

extension ImportMap {
    /// Every import among these files that the map does not allow.
    func trespasses(in files: [SourceFile]) -> [Trespass] {
        let strays = files.flatMap { file in
            file.imports.compactMap { module in
                objection(to: module, in: file).map { Trespass(file: file, module: module, why: $0) }
            }
        }
        return strays + crowds(in: files)
    }

    private func objection(to module: String, in file: SourceFile) -> String? {
        guard let room = rooms[file.room] else { return "the room is not in the table" }
        if room.anywhere.contains(module) || room.inOneFile.contains(module) { return nil }
        if room.onlyIn[file.name]?.contains(module) == true { return nil }
        if let place = room.onlyIn.first(where: { $0.value.contains(module) })?.key {
            return "only \(place) may"
        }
        return "not in the room's row"
    }

    /// Imports that are for one file of a room, in a second one.
    private func crowds(in files: [SourceFile]) -> [Trespass] {
        rooms.sorted { $0.key < $1.key }.flatMap { name, room in
            room.inOneFile.sorted().flatMap { module in
                files.filter { $0.room == name && $0.imports.contains(module) }
                    .sorted { $0.path < $1.path }
                    .dropFirst()
                    .map { Trespass(file: $0, module: module, why: "another file of the room does already") }
            }
        }
    }
}
