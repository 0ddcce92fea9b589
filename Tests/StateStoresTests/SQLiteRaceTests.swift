import Dispatch
import Glibc
import Rollout
import StateStores
import Stepping
import Synchronization
import Testing
import TidegateTestKit

@Suite("A store under contention")
struct SQLiteRaceTests {
    @Test("lets exactly one of many connections replace each version")
    func oneWinnerEach() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path("state.sqlite")
        // Also the database itself is made by all of them at once.
        let wins = Mutex<[Int: Int]>([:])
        let problems = Mutex<[String]>([])
        let rounds = 40
        DispatchQueue.concurrentPerform(iterations: 4) { _ in
            do {
                let store = try SQLiteStateStore(path: path)
                var loaded = try store.load(flag: "sse")
                while (loaded?.state.revision ?? 0) < rounds {
                    let next = (loaded?.state.revision ?? 0) + 1
                    do throws(StateStoreError) {
                        try store.save(
                            revision: next,
                            entries: [StoredSamples.entry(after: Int64(next), text: "revision \(next)")],
                            replacing: loaded?.version
                        )
                        wins.withLock { $0[next, default: 0] += 1 }
                    } catch {
                        guard error == .conflict else { throw error }
                    }
                    loaded = try store.load(flag: "sse")
                }
            } catch {
                problems.withLock { $0.append("\(error)") }
            }
        }
        #expect(problems.withLock { $0 } == [])
        #expect(wins.withLock { $0 } == Dictionary(uniqueKeysWithValues: (1...rounds).map { ($0, 1) }))
        let store = try SQLiteStateStore(path: path)
        let history = try store.history(flag: "sse", limit: 1_000)
        #expect(history.flatMap { $0.entry.reasons.map(\.text) } == (1...rounds).map { "revision \($0)" })
        #expect(history.map(\.number) == (1...Int64(rounds)).map(\.self))
        try store.close()
        #expect(directory.names == ["state.sqlite"])
    }

    @Test("of processes that are killed while they save is never torn", arguments: 0..<8 as Range<UInt64>)
    func killed(seed: UInt64) async throws {
        let directory = try TemporaryDirectory()
        let path = directory.path("state.sqlite")
        let store = try SQLiteStateStore(path: path)
        try store.save(revision: 1, entries: [StoredSamples.entry(text: "revision 1")], replacing: nil)
        try store.close()
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String, seed = seed as UInt64] in
            var random = SeededGenerator(seed: seed)
            let patience = useconds_t.random(in: 500...40_000, using: &random)
            let store = try SQLiteStateStore(path: path)
            var loaded = try #require(try store.load(flag: "sse"))
            Thread.detach {
                usleep(patience)
                kill(getpid(), SIGKILL)
            }
            while true {
                let next = loaded.state.revision + 1
                loaded.version = try store.save(
                    revision: next,
                    entries: [StoredSamples.entry(after: Int64(next), text: "revision \(next)")],
                    replacing: loaded.version
                )
                loaded.state.revision = next
            }
        }
        // What a reader makes of the remains is what the next writer makes of them.
        let read = try SQLiteStateStoreReader(path: path).load(flag: "sse")
        let survivor = try SQLiteStateStore(path: path)
        let loaded = try #require(try survivor.load(flag: "sse"))
        #expect(read == loaded)
        #expect(loaded.state == StoredSamples.state(revision: loaded.state.revision))
        let texts = try survivor.history(flag: "sse", limit: 100_000).flatMap { $0.entry.reasons.map(\.text) }
        #expect(texts == (1...loaded.state.revision).map { "revision \($0)" }, "seed \(seed)")
        try survivor.save(revision: loaded.state.revision + 1, replacing: loaded.version)
        try survivor.close()
        #expect(directory.names == ["state.sqlite"])
    }

    @Test("on a disk that fills up mid-write keeps the last saved state")
    func fileSizeLimit() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.path("state.sqlite")
        try SQLiteStateStore(path: path).save(revision: 1, replacing: nil)
        await #expect(processExitsWith: .success) { [path = path as String] in
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: 100_000, rlim_max: 100_000)
            try #require(setrlimit(__rlimit_resource_t(1), &limit) == 0)
            let store = try SQLiteStateStore(path: path)
            var loaded = try #require(try store.load(flag: "sse"))
            var failure: StateStoreError?
            for revision in 2...100 where failure == nil {
                do throws(StateStoreError) {
                    loaded.version = try store.save(revision: revision, replacing: loaded.version)
                } catch {
                    failure = error
                }
            }
            guard case .unavailable = failure else {
                Issue.record("\(String(describing: failure))")
                return
            }
            #expect(try store.load(flag: "sse")?.version == loaded.version)
        }
        let loaded = try #require(try SQLiteStateStore(path: path).load(flag: "sse"))
        #expect(loaded.state.revision > 1)
        #expect(loaded.state == StoredSamples.state(revision: loaded.state.revision))
    }
}

/// A thread of its own, so that a test's process can be ended from aside.
private enum Thread {
    static func detach(_ body: @escaping @Sendable () -> Void) {
        DispatchQueue(label: "aside").async(execute: body)
    }
}
