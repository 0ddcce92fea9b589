import StreamLoad

/// What can be chosen about a run.
struct Options {
    /// The path of the service under load.
    var server: String
    /// How many streams the large run has.
    var streams = 10_000
    /// How often service and floor take turns.
    var rounds = 3

    /// The size that everybody's service should carry with ease.
    static let few = 1_000
    /// Files that a run needs beside one for each stream, on either side.
    static let otherFiles = 600

    private static let usage = "session-bench --server PATH [--streams 1000...100000] [--rounds 1...99]"

    init(_ arguments: ArraySlice<String>) throws(LoadFailure) {
        var server: String?
        var rest = arguments
        while let name = rest.popFirst() {
            let value = rest.popFirst() ?? ""
            switch (name, Int(value)) {
            case ("--server", _) where !value.isEmpty: server = value
            case ("--streams", let number?) where Self.few...100_000 ~= number: streams = number
            case ("--rounds", let number?) where 1...99 ~= number: rounds = number
            default: throw .usage("'\(name) \(value)' is not understood", Self.usage)
            }
        }
        guard let server else { throw .usage("--server is missing", Self.usage) }
        self.server = server
    }
}

extension LoadFailure {
    private static let usageMark = "usage: "

    static func usage(_ what: String, _ usage: String) -> LoadFailure {
        LoadFailure(what, hint: usageMark + usage)
    }

    var isUsage: Bool { hint.hasPrefix(Self.usageMark) }
}
