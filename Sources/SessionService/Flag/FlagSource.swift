package import Assignment
import Configuration
package import Logging
import ServiceLifecycle
import Synchronization
import SystemPackage

/// Reads the flag, and reads it again whenever its file changes.
///
/// The file decides where it says something about the flag; where it does not, or there is none, the environment
/// does; where neither does, the flag is off. A flag is never put together from both. A file that cannot be used
/// changes nothing.
package final class FlagSource: Service {
    /// What reading the flag came to.
    package enum Outcome: Sendable, Equatable {
        case applied(Allocation)
        /// The file could not be used, and why; what held before still holds.
        case rejected(String)
    }

    /// What held when the source was made.
    package let initial: Outcome
    /// The allocation to begin with: off where the file cannot be used, as nothing held before.
    package let allocation: Allocation

    private let flag: String
    private let fallback: Allocation
    private let file: ReloadingFileProvider<FlagDocument>?
    private let first: FlagDocument?
    private let logger: Logger
    private let failures: ReloadFailures
    private let heard = Mutex<(@Sendable (Outcome) -> Void)?>(nil)

    /// Reads the flag for the first time.
    ///
    /// - Parameters:
    ///   - flag: The flag's name.
    ///   - path: The flag file; nil for the environment alone. It may be missing now and appear later.
    ///   - interval: How often the file is looked at.
    ///   - environment: The process's environment.
    ///   - logger: Told what was read.
    /// - Throws: ``ServiceError`` when the environment's variables do not mean anything, or the file is there and
    ///   may not be read.
    package init(
        flag: String,
        path: String?,
        every interval: Duration,
        environment: [String: String],
        logger: Logger
    ) async throws(ServiceError) {
        self.flag = flag
        self.logger = logger
        let off = Allocation(enabled: false, percentage: .zero, salt: flag, revision: 0)
        fallback = try FlagEnvironment.allocation(of: flag, in: environment) ?? off
        failures = ReloadFailures()
        guard let path else {
            (file, first) = (nil, nil)
            (initial, allocation) = (.applied(fallback), fallback)
            return
        }
        do {
            file = try await ReloadingFileProvider<FlagDocument>(
                parsingOptions: FlagDocument.ParsingOptions(flag: flag),
                filePath: FilePath(path),
                allowMissing: true,
                pollInterval: interval,
                logger: logger,
                metrics: failures
            )
        } catch {
            throw .flagFile(path: path, problem: "\(error)")
        }
        first = file?.snapshot() as? FlagDocument
        initial = Self.outcome(of: first, fallback: fallback)
        allocation = if case .applied(let allocation) = initial { allocation } else { off }
    }

    /// Calls `apply` for everything that is read after the first time; set it before running.
    package func onChange(_ apply: @escaping @Sendable (Outcome) -> Void) {
        heard.withLock { $0 = apply }
    }

    package func run() async throws {
        guard let file else { return try await gracefulShutdown() }
        failures.onFailure { [self] in tell(.rejected("the file cannot be read")) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await file.run() }
            group.addTask { try await self.watch(file) }
            // The file is watched for as long as it is looked at.
            try await group.next()
            group.cancelAll()
        }
    }

    private func watch(_ file: ReloadingFileProvider<FlagDocument>) async throws {
        try await file.watchSnapshot { snapshots in
            var isFirst = true
            for try await snapshot in snapshots {
                let document = snapshot as? FlagDocument
                defer { isFirst = false }
                // What is there when watching begins was read already, unless it changed in between.
                if isFirst, document == self.first { continue }
                self.tell(Self.outcome(of: document, fallback: self.fallback))
            }
        }
    }

    private func tell(_ outcome: Outcome) {
        heard.withLock { $0 }?(outcome)
    }

    private static func outcome(of document: FlagDocument?, fallback: Allocation) -> Outcome {
        switch document?.reading {
        case .says(let allocation): .applied(allocation)
        case .saysNothing, nil: .applied(fallback)
        case .unusable(let why): .rejected(why)
        }
    }
}
