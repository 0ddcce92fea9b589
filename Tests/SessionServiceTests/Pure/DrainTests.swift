import HTTPTypes
import Hummingbird
import Testing

@testable import SessionService

@Suite("A drain")
struct DrainTests {
    @Test("has nobody come back before the process has ended, and not all at once")
    func waitsForEnd() {
        let now = ContinuousClock.now
        let waits = (0..<200).map { _ in
            StreamControl.drain(at: now, before: now + .seconds(3), spread: .seconds(2)).afterMilliseconds
        }
        #expect(waits.allSatisfy { (3_000...5_001).contains($0) })
        #expect(Set(waits).count > 100)
        let late = StreamControl.drain(at: now + .seconds(4), before: now + .seconds(3), spread: .zero)
        #expect(late == StreamControl(type: .drain, afterMilliseconds: 1))
    }

    @Test("counts the moment of each stream's own control")
    func countsFromControl() async throws {
        let store = SessionStore.made()
        for _ in 0..<20 {
            let made = try await MadeStream.open(on: store)
            let end = ContinuousClock.now + .milliseconds(50)
            Drain.dismiss(made.stream, before: end, spread: .milliseconds(20))
            #expect(await made.stream.ended().reason == .drain)
            let wait = try #require(try await made.events().last?.payload().afterMs)
            #expect(ContinuousClock.now + .milliseconds(wait) >= end)
        }
    }

    @Test("fails no minute of a client that is turned away by it")
    func failsNobody() {
        let later = Response(status: .serviceUnavailable, headers: [.retryAfter: "3"])
        #expect(!RequestAccounting.isFailure(later, whileDraining: true))
        #expect(RequestAccounting.isFailure(later, whileDraining: false))
        for status in [.serviceUnavailable, .internalServerError, .tooManyRequests] as [HTTPResponse.Status] {
            #expect(RequestAccounting.isFailure(Response(status: status), whileDraining: true))
        }
    }
}
