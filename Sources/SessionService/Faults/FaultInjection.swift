import Assignment
import Synchronization

/// Which share of requests is made to fail, for trying out what happens then.
package struct FaultRatios: Sendable, Hashable, Codable {
    /// The share of opened streams that is answered with 500.
    package var sse: Double
    /// The share of all requests to the API that is answered with 500.
    package var all: Double

    package init(sse: Double = 0, all: Double = 0) {
        self.sse = sse
        self.all = all
    }

    /// Whether a number is a share.
    package static func isRatio(_ number: Double) -> Bool { (0...1).contains(number) }
}

/// Decides which requests are made to fail; the same for the same seed and the same order of requests.
package final class FaultInjection: Sendable {
    private struct State {
        var ratios: FaultRatios
        var random: SplitMix64
    }

    private let state: Mutex<State>

    package init(_ ratios: FaultRatios, seed: UInt64) {
        state = Mutex(State(ratios: ratios, random: SplitMix64(seed: seed)))
    }

    package var ratios: FaultRatios { state.withLock { $0.ratios } }

    /// Changes the ratios that are given.
    ///
    /// - Returns: The ratios that now hold, and whether the one for streams rose.
    package func change(sse: Double?, all: Double?) -> (ratios: FaultRatios, isStreamRatioRaised: Bool) {
        state.withLock { state in
            let before = state.ratios.sse
            state.ratios.sse = sse ?? before
            state.ratios.all = all ?? state.ratios.all
            return (state.ratios, state.ratios.sse > before)
        }
    }

    /// Whether this request, of whatever kind, is made to fail.
    package func strikesRequest() -> Bool { draw(\.all) }

    /// Whether this stream is made to fail.
    package func strikesStream() -> Bool { draw(\.sse) }

    private func draw(_ ratio: KeyPath<FaultRatios, Double>) -> Bool {
        state.withLock { state in
            guard state.ratios[keyPath: ratio] > 0 else { return false }
            return Double.random(in: 0..<1, using: &state.random) < state.ratios[keyPath: ratio]
        }
    }
}
