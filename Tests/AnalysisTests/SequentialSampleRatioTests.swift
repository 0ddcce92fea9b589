import Analysis
import FoundationEssentials
import Testing
import TidegateTestKit

@Suite("The test that may be peeked at")
struct SequentialSampleRatioTests {
    @Test("says after every batch what Optimizely's says")
    func vectors() throws {
        let sequences = try SampleRatioVectors.read().sequential
        #expect(sequences.count == 4)
        for sequence in sequences {
            var test = SequentialSampleRatio(weights: sequence.null)
            for (index, batch) in sequence.batches.enumerated() {
                test.observe(batch)
                let factor = sequence.logBayesFactor[index]
                // A factor near 1 is what large logarithms leave over.
                #expect((test.logBayesFactor - factor).magnitude < 1e-9 * max(1, factor.magnitude))
                #expect(agree(test.pValue, sequence.pValue[index]), "\(sequence.null) \(index)")
                #expect(agree(test.posteriorProbability, sequence.posteriorProbability[index]))
            }
        }
    }

    @Test("goes on from what was saved")
    func saved() throws {
        var test = SequentialSampleRatio(weights: [1, 9], concentrations: BayesFactor.mixedConcentrations)
        test.observe([130, 870])
        var copy = try JSONDecoder().decode(
            SequentialSampleRatio.self,
            from: JSONEncoder().encode(test)
        )
        #expect(copy == test)
        test.observe([130, 870])
        copy.observe([130, 870])
        #expect(copy == test)
        #expect(test.counts == [260, 1_740])
    }

    @Test("never takes back what it found")
    func neverRises() {
        var test = SequentialSampleRatio(weights: [1, 9], concentrations: BayesFactor.mixedConcentrations)
        test.observe([300, 700])
        let found = test.pValue
        #expect(found < 1e-9)
        test.observe([0, 2_000])
        #expect(test.pValue == found)
    }

    @Test("with mixed concentrations sees among a hundred clients what the fine one needs a thousand for")
    func mixed() {
        func pValue(_ concentrations: [Double], of clients: Double) -> Double {
            var test = SequentialSampleRatio(weights: [1, 9], concentrations: concentrations)
            test.observe([0, clients])
            return test.pValue
        }
        #expect(pValue(BayesFactor.mixedConcentrations, of: 120) < 0.001)
        #expect(pValue(BayesFactor.fineConcentrations, of: 120) > 0.1)
        #expect(pValue(BayesFactor.fineConcentrations, of: 1_500) < 0.001)
    }

    @Test(
        "rarely accuses a right split, however often it is asked",
        arguments: [BayesFactor.fineConcentrations, BayesFactor.mixedConcentrations]
    )
    func falseAlarms(concentrations: [Double]) {
        var random = SeededGenerator(seed: 4)
        let runs = 1_000
        let accused = (0..<runs).count { _ in
            var test = SequentialSampleRatio(weights: [1, 9], concentrations: concentrations)
            for _ in 0..<60 {
                let treated = (0..<40).count { _ in Double.random(in: 0..<1, using: &random) < 0.1 }
                test.observe([Double(treated), Double(40 - treated)])
            }
            return test.pValue <= 0.01
        }
        // At most 10 are expected; 25 is more than four standard deviations above. χ² would accuse some 100.
        #expect(accused <= 25, "seed 4: \(accused) of \(runs)")
    }
}
