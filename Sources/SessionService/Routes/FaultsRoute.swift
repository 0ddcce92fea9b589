import FoundationEssentials
import Hummingbird

/// `/api/faults`: what share of requests is made to fail.
struct FaultsRoute: Sendable {
    let faults: FaultInjection
    let store: SessionStore

    func answer() -> Response { .json(faults.ratios) }

    /// Changes one ratio or both; when the one for streams rises, that share of the open ones is cut too.
    func change(_ request: Request) async throws -> Response {
        let bytes = try await request.body.collect(upTo: 4 * 1_024)
        let changes = try Changes(Data(bytes.readableBytesView))
        let (ratios, isRaised) = faults.change(sse: changes.sse, all: changes.all)
        if isRaised {
            for stream in store.streams where faults.strikesStream() { stream.cut() }
        }
        return .json(ratios)
    }

    private struct Changes {
        var sse: Double?
        var all: Double?

        init(_ body: Data) throws(Problem) {
            guard let numbers = try? JSONDecoder().decode([String: Double].self, from: body) else {
                throw Problem(.badRequest, #"faults read {"sse": 0.5, "all": 0}, either alone or both"#)
            }
            for (name, number) in numbers.sorted(by: { $0.key < $1.key }) {
                guard FaultRatios.isRatio(number) else {
                    throw Problem(.badRequest, "'\(name)' is \(number), not a ratio from 0 to 1")
                }
                switch name {
                case "sse": sse = number
                case "all": all = number
                default: throw Problem(.badRequest, "'\(name)' is no fault; there are 'sse' and 'all'")
                }
            }
            guard !numbers.isEmpty else { throw Problem(.badRequest, "neither 'sse' nor 'all' is there") }
        }
    }
}
