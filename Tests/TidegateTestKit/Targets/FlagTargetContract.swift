package import Assignment
import Dispatch
package import Stepping
import Synchronization
import Testing

/// What every target promises: one value a promise, held against the in-memory target first and every real one.
package struct FlagTargetContract: Sendable, CustomTestStringConvertible {
    /// Names the target under test; a second call names the same place once more, as another process would.
    package typealias Opening = @Sendable () throws -> any FlagTarget

    package var promise: String
    private var body: @Sendable (Opening, Samples) throws -> Void

    package var testDescription: String { promise }

    /// Holds the promise against a target that publishes by some algorithm.
    package func check(by algorithm: HashAlgorithm = .flagdV2, _ open: Opening) throws {
        try body(open, Samples(algorithm: algorithm))
    }

    private init(promise: String, body: @escaping @Sendable (Opening, Samples) throws -> Void) {
        self.promise = promise
        self.body = body
    }

    /// Allocations of one algorithm.
    private struct Samples {
        var algorithm: HashAlgorithm

        /// Unleash understands no quotation marks and no backslashes.
        var oddSalt: String { "sält 'quotes' $HOME #1" + (algorithm == .unleash ? "" : "\"and\" \\") }

        var ten: Allocation { allocation(percent: 10, revision: 7) }
        var fifty: Allocation { allocation(percent: 50, revision: 8) }
        var off: Allocation { allocation(percent: 0, enabled: false, revision: 9) }

        func allocation(percent: Double, enabled: Bool = true, revision: Int) -> Allocation {
            var allocation = StoredSamples.allocation(percent: percent, enabled: enabled, revision: revision)
            allocation.algorithm = algorithm
            return allocation
        }
    }

    package static let all: [FlagTargetContract] = publishing + refusing + lowering

    private static let publishing: [FlagTargetContract] = [
        FlagTargetContract(promise: "a new place shows nothing, and can be probed without changing that") {
            open,
            samples in
            let target = try open()
            #expect(try target.read() == nil)
            try target.probe()
            #expect(try target.read() == nil)
        },
        FlagTargetContract(promise: "what was raised to is shown, through any opening") { open, samples in
            #expect(try open().carryOut(.raise(to: samples.ten, replacing: nil)) == samples.ten)
            #expect(try open().read() == samples.ten)
            #expect(try open().carryOut(.raise(to: samples.fifty, replacing: samples.ten)) == samples.fifty)
            #expect(try open().read() == samples.fifty)
            try open().probe()
            #expect(try open().read() == samples.fifty)
        },
        FlagTargetContract(promise: "every part of an allocation is kept") { open, samples in
            var allocation = samples.allocation(percent: 0.125, revision: 1_234_567_890_123)
            allocation.salt = samples.oddSalt
            let target = try open()
            #expect(try target.carryOut(.raise(to: allocation, replacing: nil)) == allocation)
            #expect(try open().read() == allocation)
            allocation.enabled = false
            allocation.revision += 1
            #expect(try target.carryOut(.lower(to: allocation)) == allocation)
            #expect(try open().read() == allocation)
        },
        FlagTargetContract(promise: "an order carried out twice is carried out once") { open, samples in
            let target = try open()
            for order in [
                PublishOrder.raise(to: samples.ten, replacing: nil),
                .raise(to: samples.fifty, replacing: samples.ten),
                .lower(to: samples.off),
            ] {
                let first = try target.carryOut(order)
                #expect(try target.carryOut(order) == first)
                #expect(try target.read() == first)
            }
        },
    ]

    private static let refusing: [FlagTargetContract] = [
        FlagTargetContract(promise: "a raise is refused unless the document is the one it was made for") {
            open,
            samples in
            let target = try open()
            #expect(throws: FlagTargetError.superseded(found: nil)) {
                try target.carryOut(.raise(to: samples.fifty, replacing: samples.ten))
            }
            #expect(try target.read() == nil)
            _ = try target.carryOut(.raise(to: samples.ten, replacing: nil))
            #expect(throws: FlagTargetError.superseded(found: samples.ten)) {
                try target.carryOut(.raise(to: samples.fifty, replacing: nil))
            }
            #expect(throws: FlagTargetError.superseded(found: samples.ten)) {
                try target.carryOut(.raise(to: samples.off, replacing: samples.fifty))
            }
            #expect(try target.read() == samples.ten)
        },
        FlagTargetContract(promise: "a raise to a revision that is not newer is refused") { open, samples in
            let target = try open()
            _ = try target.carryOut(.raise(to: samples.fifty, replacing: nil))
            for revision in [7, 8] {
                let late = samples.allocation(percent: 100, revision: revision)
                #expect(throws: FlagTargetError.superseded(found: samples.fifty)) {
                    try target.carryOut(.raise(to: late, replacing: samples.fifty))
                }
            }
            #expect(try target.read() == samples.fifty)
        },
        FlagTargetContract(promise: "a stamp changes nothing but the revision, and fences earlier raises") {
            open,
            samples in
            let target = try open()
            #expect(try target.carryOut(.stamp(revision: 3)) == nil)
            #expect(try target.read() == nil)
            _ = try target.carryOut(.raise(to: samples.ten, replacing: nil))
            var stamped = samples.ten
            for (revision, shown) in [(8, 8), (8, 9), (1, 10), (20, 20)] {
                stamped.revision = shown
                #expect(try target.carryOut(.stamp(revision: revision)) == stamped)
                #expect(try target.read() == stamped)
            }
            #expect(throws: FlagTargetError.superseded(found: stamped)) {
                try target.carryOut(.raise(to: samples.fifty, replacing: samples.ten))
            }
        },
    ]

    private static let lowering: [FlagTargetContract] = [
        FlagTargetContract(promise: "disabling is accepted whatever the document's revision") {
            open,
            samples in
            let target = try open()
            _ = try target.carryOut(.raise(to: samples.ten, replacing: nil))
            #expect(try target.carryOut(.lower(to: samples.off)) == samples.off)
            let raised = samples.allocation(percent: 50, revision: 30)
            _ = try target.carryOut(.raise(to: raised, replacing: samples.off))
            var later = samples.off
            later.revision = 31
            #expect(try target.carryOut(.lower(to: samples.off)) == later)
            #expect(try target.read() == later)
        },
        FlagTargetContract(promise: "disabling an absent flag writes it down as disabled") { open, samples in
            let target = try open()
            #expect(try target.carryOut(.lower(to: samples.off)) == samples.off)
            #expect(try open().read() == samples.off)
        },
        FlagTargetContract(
            promise: "lowering to something enabled never shows more, and leaves absence alone"
        ) { open, samples in
            let target = try open()
            let lowered = samples.allocation(percent: 10, revision: 9)
            #expect(try target.carryOut(.lower(to: lowered)) == nil)
            #expect(try target.read() == nil)
            _ = try target.carryOut(.raise(to: samples.fifty, replacing: nil))
            #expect(try target.carryOut(.lower(to: lowered)) == lowered)
            let more = samples.allocation(percent: 90, revision: 10)
            let kept = samples.allocation(percent: 10, revision: 10)
            #expect(try target.carryOut(.lower(to: more)) == kept)
            #expect(throws: FlagTargetError.superseded(found: kept)) {
                try target.carryOut(.lower(to: lowered))
            }
            #expect(try target.read() == kept)
        },
        FlagTargetContract(promise: "of a raise and a lowering at the same time, the lowering wins and stays")
        { open, samples in
            for round in 0..<rounds {
                let base = try open().read()
                let raised = samples.allocation(percent: 50, revision: (base?.revision ?? 0) + 1)
                let off = samples.allocation(
                    percent: 0,
                    enabled: false,
                    revision: raised.revision + round % 2
                )
                let orders = [PublishOrder.raise(to: raised, replacing: base), .lower(to: off)]
                let problems = Mutex<[String]>([])
                DispatchQueue.concurrentPerform(iterations: 4) { index in
                    do {
                        _ = try open().carryOut(orders[index % 2])
                    } catch FlagTargetError.superseded where index.isMultiple(of: 2) {
                        // The raise came too late.
                    } catch {
                        problems.withLock { $0.append("\(orders[index % 2]): \(error)") }
                    }
                }
                #expect(problems.withLock { $0 } == [])
                let shown = try open().read()
                #expect(shown?.exposure == .zero, "round \(round)")
                #expect(throws: FlagTargetError.superseded(found: shown)) { try open().carryOut(orders[0]) }
            }
        },
    ]

    private static let rounds = 200
}
