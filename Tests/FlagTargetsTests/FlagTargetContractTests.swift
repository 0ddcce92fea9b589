import FlagTargets
import Rehearsal
import Rollout
import Testing
import TidegateTestKit

@Suite("A flag target")
struct FlagTargetContractTests {
    @Test("in memory keeps the contract", arguments: FlagTargetContract.all)
    func inMemory(contract: FlagTargetContract) throws {
        let target = InMemoryTarget()
        try contract.check { target }
    }

    @Test("in a file keeps the contract", arguments: FileFormat.allCases, FlagTargetContract.all)
    func file(format: FileFormat, contract: FlagTargetContract) throws {
        let directory = try TemporaryDirectory()
        let algorithm = try #require(format.algorithms.first)
        try contract.check(by: algorithm) {
            FileTarget(path: directory.path("flags"), format: format, flag: "sse")
        }
    }
}
