import Assignment
import Logging
import PrometheusMetrics
import Synchronization

/// What all requests share.
final class Workload: Sendable {
    let settings: ServiceSettings
    let store: SessionStore
    let desk: SessionDesk
    let flag: LiveFlag
    let minutes: ClientMinuteCounter
    let admission: StreamAdmission
    let rules: AccessRules
    let requestLimits: RequestLimits
    /// Nil when clients may not browse.
    let browser: FolderBrowser?
    /// Nil when faults cannot be injected.
    let faults: FaultInjection?
    let metrics: ServiceMetrics
    private let page: PrometheusMetrics
    private let logger: Logger
    private let drainEndState = Mutex<ContinuousClock.Instant?>(nil)

    /// Prepares what requests share.
    ///
    /// - Throws: ``ServiceError`` when the settings about access or folders cannot be carried out.
    init(
        _ settings: ServiceSettings,
        under allocation: Allocation,
        log: SessionLog,
        logger: Logger
    ) throws(ServiceError) {
        rules = try AccessRules(settings)
        browser = if let folder = settings.browsedFolder { try FolderBrowser(root: folder) } else { nil }
        requestLimits = RequestLimits(settings.limits)
        let page = PrometheusMetrics(descriptions: ServiceMetrics.descriptions)
        let metrics = ServiceMetrics(page, flag: settings.flag, names: settings.names)
        self.settings = settings
        self.page = page
        self.metrics = metrics
        self.logger = logger
        flag = LiveFlag(Assigner(allocation, flag: settings.flag))
        store = SessionStore(log, metrics: metrics.streams)
        desk = SessionDesk(store: store)
        let capacity = StreamCapacity.of(settings.limits.streams)
        admission = StreamAdmission(StreamLimiter(settings.limits, capacity: capacity), metrics: metrics)
        minutes = ClientMinuteCounter(flag.assigner, length: settings.clientMinute, metrics: metrics)
        faults = settings.faults.map { FaultInjection($0, seed: settings.seed) }
        metrics.set(allocation)
        metrics.set(streamLimit: capacity)
        guard capacity < settings.limits.streams else { return }
        logger.warning(
            "the process may open too few files for as many streams as it is set to",
            metadata: ["streams": "\(capacity)", "wanted": "\(settings.limits.streams)"]
        )
    }

    /// The metrics of this moment, in the Prometheus text format.
    func metricsPage() -> [UInt8] {
        let assigner = flag.assigner
        let open = store.streams.reduce(into: [Variant: Int]()) {
            $0[assigner.assign($1.client).variant, default: 0] += 1
        }
        for variant in Variant.allCases { metrics.setStreams(open[variant] ?? 0, of: variant) }
        return minutes.settled { page.page() }
    }

    /// Whether the process has been asked to end; nobody new is taken then.
    var isDraining: Bool { drainEnd != nil }

    /// When all streams have ended; nil while the process has not been asked to end.
    var drainEnd: ContinuousClock.Instant? { drainEndState.withLock { $0 } }

    /// Takes no new streams from here on.
    ///
    /// - Returns: When all streams should have ended.
    func beginDraining() -> ContinuousClock.Instant {
        let end = ContinuousClock.now + settings.drainWithin
        drainEndState.withLock { $0 = end }
        metrics.set(isDraining: true)
        return end
    }
}

// MARK: - The flag, while clients are connected

extension Workload {
    /// Takes in what reading the flag came to.
    func apply(_ outcome: FlagSource.Outcome) {
        switch outcome {
        case .rejected(let why):
            metrics.count(.rejected)
            logger.error(
                "the flag file cannot be used; what held before still holds",
                metadata: ["why": "\(why)"]
            )
        case .applied(let allocation):
            metrics.count(.applied)
            guard allocation != flag.assigner.allocation else { return }
            adopt(allocation)
        }
    }

    private func adopt(_ allocation: Allocation) {
        let assigner = Assigner(allocation, flag: settings.flag)
        flag.adopt(assigner)
        minutes.adopt(assigner)
        metrics.set(allocation)
        logger.notice(
            "the flag has changed",
            metadata: [
                "exposure": "\(allocation.exposure)", "enabled": "\(allocation.enabled)",
                "revision": "\(allocation.revision)",
            ]
        )
        for stream in store.streams { dismissIfOutside(stream) }
    }

    /// Sends a client away whose stream the flag no longer covers.
    func dismissIfOutside(_ stream: OpenStream) {
        guard flag.assigner.assign(stream.client).variant == .control else { return }
        let control = StreamControl.random(.reassign, within: settings.reassignWithin)
        stream.dismiss(control, because: .reassign, endingAfter: .milliseconds(control.afterMilliseconds))
    }
}
