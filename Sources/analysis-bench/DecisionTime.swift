import Analysis
import Glibc
import OperatingCharacteristics

/// What one look costs: to count it, and to say what follows.
enum DecisionTime {
    private static let batches = 201
    /// Enough for the clock's own steps not to matter.
    private static let looksInBatch = 100

    /// Nanoseconds of this thread for one look, the median over batches.
    static func medianNanoseconds() -> Double {
        let settings = ComparisonSettings()
        let traffic = Traffic(Cell(base: 0.005, requestsPerSecond: 20), .none, seed: 1)
        guard let position = Ladder.whole.position(at: 1) else { return .infinity }
        let looks = (0..<looksInBatch).compactMap { traffic.minute($0, at: position).counts }
        var harmful = 0
        let times = (0..<batches).map { _ in
            var test = SequentialComparison(dispersionPrior: 1)
            test.begin(
                StepOutlook(share: position.share, nextExposures: traffic.cell.requestsPerLook),
                under: settings
            )
            let began = processorTime()
            for counts in looks {
                test.look(at: counts, under: settings)
                if test.verdict(under: settings) == .harmful { harmful += 1 }
            }
            return (processorTime() - began) / Double(looks.count)
        }
        // The verdicts are needed, so that they are not left out.
        precondition(harmful < batches * looks.count)
        return times.sorted()[batches / 2]
    }

    /// Nanoseconds that this thread has run: what others do on the machine meanwhile does not count.
    private static func processorTime() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
    }
}
