import Glibc

/// What the bench is asked for.
struct Options {
    /// Of each service, where a share of a hundredth is to be measured.
    var runs = Self.defaultRuns
    var seed: UInt64 = 1
    var threads = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    /// The documentation the results are stored in; nil where they are only printed.
    var folder: String?

    private static let defaultRuns = 10_000

    /// Reads `[--runs N] [--seed N] [--threads N] [--store FOLDER]`.
    ///
    /// - Parameter arguments: Without the program's own name.
    /// - Returns: Them, or what is wrong. Fewer runs than usual are not stored: they would make the page worse.
    static func parsed(from arguments: ArraySlice<String>) -> Result<Options, BenchFailure> {
        var options = Options()
        var rest = arguments
        while let name = rest.popFirst() {
            guard let value = rest.popFirst() else { return .failure(unknown(name)) }
            switch (name, UInt64(value)) {
            case ("--runs", let number?) where 1...1_000_000 ~= number: options.runs = Int(number)
            case ("--seed", let number?): options.seed = number
            case ("--threads", let number?) where 1...1024 ~= number: options.threads = Int(number)
            case ("--store", _): options.folder = value
            default: return .failure(unknown("\(name) \(value)"))
            }
        }
        if options.runs < defaultRuns { options.folder = nil }
        return .success(options)
    }

    private static func unknown(_ argument: String) -> BenchFailure {
        BenchFailure(
            what: "'\(argument)' is not understood",
            hint: "analysis-bench [--runs N] [--seed N] [--threads N] [--store FOLDER]"
        )
    }
}
