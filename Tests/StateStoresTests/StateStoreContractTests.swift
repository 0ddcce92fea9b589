import Rehearsal
import StateStores
import Testing
import TidegateTestKit

@Suite("A state store")
struct StateStoreContractTests {
    @Test("in memory keeps the contract", arguments: StateStoreContract.all)
    func inMemory(contract: StateStoreContract) throws {
        let store = InMemoryStateStore()
        try contract.check { store }
    }

    @Test("in SQLite keeps the contract", arguments: StateStoreContract.all)
    func sqlite(contract: StateStoreContract) throws {
        let directory = try TemporaryDirectory()
        try contract.check { try SQLiteStateStore(path: directory.path("state.sqlite")) }
    }
}
