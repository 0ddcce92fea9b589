// swift-tools-version: 6.2
import PackageDescription

/// Upcoming language features every target is written against; language mode 6 comes with the tools version.
let features: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

/// In the project's own checks a warning is an error; a newer compiler's new warnings stop nobody else's build.
let isStrict = Context.environment["TIDEGATE_STRICT"] == "1"
let settings = isStrict ? features + [.treatAllWarnings(as: .error)] : features

/// The rooms of the house, from the pure core outwards; a room imports what is listed here and nothing else.
let rooms: [Target] = [
    .target(name: "Assignment", swiftSettings: settings),
    .target(name: "Analysis", swiftSettings: settings),
    .target(name: "Rollout", dependencies: ["Assignment", "Analysis"], swiftSettings: settings),
    .target(
        name: "PolicyFiles",
        dependencies: [
            "Rollout",
            .product(name: "Crypto", package: "swift-crypto"),
            .product(name: "Yams", package: "Yams"),
        ],
        swiftSettings: settings
    ),
    .target(name: "Stepping", dependencies: ["Rollout"], swiftSettings: settings),
    // libcurl's headers (libcurl4-openssl-dev); the library itself is loaded when it is first needed.
    .target(name: "CCurl"),
    .target(name: "HTTPTransport", dependencies: ["CCurl"], swiftSettings: settings),
    .target(name: "MetricsSources", dependencies: ["Stepping", "HTTPTransport"], swiftSettings: settings),
    .target(name: "FlagTargets", dependencies: ["Stepping"], swiftSettings: settings),
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .target(
        name: "StateStores",
        dependencies: ["Stepping", "CSQLite", .product(name: "GRDB", package: "GRDB.swift")],
        swiftSettings: settings
    ),
    .target(name: "Rehearsal", dependencies: ["Stepping"], swiftSettings: settings),
    .target(
        name: "Commands",
        dependencies: [
            "PolicyFiles", "MetricsSources", "FlagTargets", "StateStores", "Rehearsal",
            .product(name: "ArgumentParser", package: "swift-argument-parser"),
        ],
        swiftSettings: settings
    ),
    .executableTarget(name: "tidegate", dependencies: ["Commands"], swiftSettings: settings),
]

/// The workload the controller is tried on: a service whose clients poll or stream, and clients that use it.
let workload: [Target] = [
    .target(
        name: "PrometheusMetrics",
        dependencies: [.product(name: "CoreMetrics", package: "swift-metrics")],
        swiftSettings: settings
    ),
    .target(
        name: "SessionService",
        dependencies: [
            "Assignment", "PrometheusMetrics",
            .product(name: "Configuration", package: "swift-configuration"),
            .product(name: "Crypto", package: "swift-crypto"),
            .product(name: "Hummingbird", package: "hummingbird"),
        ],
        resources: [.embedInCode("Page")],
        swiftSettings: settings
    ),
    .target(
        name: "ClientSimulation",
        dependencies: [
            .product(name: "Logging", package: "swift-log"),
            .product(name: "NIOCore", package: "swift-nio"),
            .product(name: "NIOHTTP1", package: "swift-nio"),
            .product(name: "NIOPosix", package: "swift-nio"),
        ],
        swiftSettings: settings
    ),
    .executableTarget(
        name: "session-server",
        dependencies: [
            "SessionService", "ClientSimulation",
            .product(name: "ArgumentParser", package: "swift-argument-parser"),
        ],
        swiftSettings: settings
    ),
]

/// What `Scripts/bench` runs: the assignment beside a C implementation of the same hash, and the comparison beside
/// other rules on simulated rollouts.
let benchmarks: [Target] = [
    .target(name: "CMurmur3"),
    .executableTarget(
        name: "assignment-bench",
        dependencies: ["Assignment", "CMurmur3"],
        swiftSettings: settings
    ),
    .target(
        name: "OperatingCharacteristics",
        dependencies: ["Assignment", "Analysis", "Rollout"],
        swiftSettings: settings
    ),
    .executableTarget(
        name: "analysis-bench",
        dependencies: ["OperatingCharacteristics"],
        swiftSettings: settings
    ),
]

/// The suite of one room, whose fixtures are read from the source tree and so are no resources of a bundle.
func suite(of room: String, reading fixtures: [String] = [], with others: [Target.Dependency] = []) -> Target
{
    .testTarget(
        name: "\(room)Tests",
        dependencies: [.byName(name: room), "TidegateTestKit"] + others,
        exclude: fixtures,
        swiftSettings: settings
    )
}

let tests: [Target] = [
    .target(
        name: "TidegateTestKit",
        dependencies: ["Stepping", "Rehearsal"],
        path: "Tests/TidegateTestKit",
        exclude: ["Providers/Python"],
        swiftSettings: settings
    ),
    suite(of: "Assignment", reading: ["Vectors"]),
    suite(of: "Analysis", reading: ["Vectors"], with: ["Rehearsal"]),
    suite(of: "Rollout"),
    suite(of: "PolicyFiles", reading: ["Policies"]),
    suite(of: "Stepping", with: ["Rehearsal"]),
    suite(of: "HTTPTransport", reading: ["Fixtures"]),
    suite(of: "MetricsSources", reading: ["Fixtures"], with: ["Rehearsal"]),
    suite(of: "FlagTargets", with: ["Rehearsal"]),
    suite(of: "StateStores", with: ["Rehearsal", .product(name: "GRDB", package: "GRDB.swift")]),
    suite(of: "Rehearsal"),
    suite(of: "OperatingCharacteristics"),
    suite(of: "PrometheusMetrics"),
    suite(
        of: "SessionService",
        with: [
            "session-server",
            .product(name: "NIOCore", package: "swift-nio"),
            .product(name: "NIOHTTP1", package: "swift-nio"),
            .product(name: "NIOPosix", package: "swift-nio"),
        ]
    ),
    suite(
        of: "ClientSimulation",
        with: [
            "SessionService",
            .product(name: "Logging", package: "swift-log"),
            .product(name: "NIOCore", package: "swift-nio"),
            .product(name: "NIOHTTP1", package: "swift-nio"),
            .product(name: "NIOPosix", package: "swift-nio"),
        ]
    ),
    suite(
        of: "Commands",
        reading: ["Golden"],
        with: [
            "tidegate", "session-server", "PolicyFiles", "FlagTargets", "Rehearsal", "StateStores",
            .product(name: "Yams", package: "Yams"),
        ]
    ),
    // What those who run the service copy: rules, dashboard, and the commands and snippets of a page.
    .testTarget(
        name: "OperationsTests",
        dependencies: [
            "Rollout", "session-server", "TidegateTestKit", .product(name: "Yams", package: "Yams"),
        ],
        swiftSettings: settings
    ),
    .testTarget(name: "ArchitectureTests", dependencies: ["Rollout"], swiftSettings: settings),
]

let package = Package(
    name: "tidegate",
    products: [
        .library(name: "Assignment", targets: ["Assignment"]),
        .executable(name: "tidegate", targets: ["tidegate"]),
        .executable(name: "session-server", targets: ["session-server"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(
            url: "https://github.com/apple/swift-configuration",
            from: "1.4.0",
            traits: [.defaults, "Reloading"]
        ),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: rooms + workload + benchmarks + tests,
    swiftLanguageModes: [.v6]
)
