import SessionService
import Testing

@Suite("Injected faults")
struct FaultInjectionTests {
    @Test("strike the share they are told, each kind its own", arguments: [1, 7] as [UInt64])
    func strikesShare(seed: UInt64) {
        let faults = FaultInjection(FaultRatios(sse: 0.3, all: 0.05), seed: seed)
        let count = 10_000
        let streams = (0..<count).count { _ in faults.strikesStream() }
        let requests = (0..<count).count { _ in faults.strikesRequest() }
        // Five standard deviations: √(10,000 · 0.3 · 0.7) = 45.8 and √(10,000 · 0.05 · 0.95) = 21.8.
        #expect((2_770...3_230).contains(streams), "seed \(seed)")
        #expect((391...609).contains(requests), "seed \(seed)")
    }

    @Test("strike nobody at 0 and everybody at 1")
    func knowsEnds() {
        let faults = FaultInjection(FaultRatios(sse: 1, all: 0), seed: 1)
        #expect((0..<1_000).allSatisfy { _ in faults.strikesStream() })
        #expect(!(0..<1_000).contains { _ in faults.strikesRequest() })
    }

    @Test("are the same for the same seed")
    func repeats() {
        let draws = (0..<2).map { _ in
            let faults = FaultInjection(FaultRatios(sse: 0.5), seed: 42)
            return (0..<200).map { _ in faults.strikesStream() }
        }
        #expect(draws[0] == draws[1])
        #expect(Set(draws[0]).count == 2)
    }

    @Test("change one ratio without the other, and say whether streams are struck more")
    func changes() {
        let faults = FaultInjection(FaultRatios(sse: 0.5, all: 0.1), seed: 1)
        #expect(faults.change(sse: nil, all: 0.2) == (FaultRatios(sse: 0.5, all: 0.2), false))
        #expect(faults.change(sse: 0.4, all: nil) == (FaultRatios(sse: 0.4, all: 0.2), false))
        #expect(faults.change(sse: 0.6, all: nil) == (FaultRatios(sse: 0.6, all: 0.2), true))
    }
}

@Suite("A written duration")
struct DurationTextTests {
    @Test(
        "is digits and a unit",
        arguments: zip(
            ["60s", "500ms", "0s", "15m", "1h"],
            [Duration.seconds(60), .milliseconds(500), .zero, .seconds(900), .seconds(3_600)]
        )
    )
    func reads(text: String, duration: Duration) {
        #expect(Duration(parsing: text) == duration)
    }

    @Test(
        "is nothing else",
        arguments: [
            "", "s", "60", "60 s", " 60s", "60s ", "-1s", "+1s", "1.5s", "60S", "1d", "1s1s", "٣s", "99999h",
            "99999999999999999999s", "9223372036854775807h",
        ]
    )
    func refuses(text: String) {
        #expect(Duration(parsing: text) == nil)
    }

    @Test("is written as it is read", arguments: ["60s", "500ms", "0s", "1500ms"])
    func roundTrips(text: String) {
        #expect(Duration(parsing: text)?.written == text)
    }
}
