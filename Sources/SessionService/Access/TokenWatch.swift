import AsyncAlgorithms
import Logging
import ServiceLifecycle

/// Reads the token file again when it changes, and ends the streams of those who are no longer in it.
struct TokenWatch: Service {
    let workload: Workload
    let access: TokenAccess
    let logger: Logger

    func run() async throws {
        let looks = AsyncTimerSequence(interval: workload.settings.flagInterval, clock: .continuous)
        for await _ in looks.cancelOnGracefulShutdown() { look() }
    }

    private func look() {
        switch access.reload() {
        case .unchanged: break
        case .applied:
            workload.metrics.count(tokens: .applied)
            logger.notice("the token file has changed")
            for stream in workload.store.streams where isShutOut(stream) {
                stream.dismiss(StreamControl(type: .reauth, afterMilliseconds: 0), because: .reauth)
            }
        case .rejected(let why):
            workload.metrics.count(tokens: .rejected)
            logger.error(
                "the token file cannot be used; what held before still holds",
                metadata: ["why": "\(why)"]
            )
        }
    }

    /// Whether a stream is of somebody who has no token any more.
    private func isShutOut(_ stream: OpenStream) -> Bool {
        guard let subject = Login.subject(ofCaller: stream.caller) else { return false }
        return !access.stillKnows(subject)
    }
}
