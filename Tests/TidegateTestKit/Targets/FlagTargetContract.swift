import Assignment
import Dispatch
package import Stepping
import Synchronization
import Testing

/// What every target promises: one value a promise, held against the in-memory target first and every real one.
package struct FlagTargetContract: Sendable, CustomTestStringConvertible {
    /// Names the target under test; a second call names the same place once more, as another process would.
    package typealias Opening = @Sendable () throws -> any FlagTarget

    package var promise: String
    package var check: @Sendable (Opening) throws -> Void

    package var testDescription: String { promise }

    private static let ten = StoredSamples.allocation(percent: 10, revision: 7)
    private static let fifty = StoredSamples.allocation(percent: 50, revision: 8)
    private static let off = StoredSamples.allocation(percent: 0, enabled: false, revision: 9)

    package static let all: [FlagTargetContract] = publishing + refusing + lowering

    private static let publishing: [FlagTargetContract] = [
        FlagTargetContract(promise: "a new place shows nothing, and can be probed without changing that") {
            open in
            let target = try open()
            #expect(try target.read() == nil)
            try target.probe()
            #expect(try target.read() == nil)
        },
        FlagTargetContract(promise: "what was raised to is shown, through any opening") { open in
            #expect(try open().carryOut(.raise(to: ten, replacing: nil)) == ten)
            #expect(try open().read() == ten)
            #expect(try open().carryOut(.raise(to: fifty, replacing: ten)) == fifty)
            #expect(try open().read() == fifty)
            try open().probe()
            #expect(try open().read() == fifty)
        },
        FlagTargetContract(promise: "every part of an allocation is kept") { open in
            var allocation = StoredSamples.allocation(percent: 0.125, revision: 1_234_567_890_123)
            allocation.salt = "sält \"and\" 'quotes' $HOME \\ #1"
            let target = try open()
            #expect(try target.carryOut(.raise(to: allocation, replacing: nil)) == allocation)
            #expect(try open().read() == allocation)
            allocation.enabled = false
            allocation.revision += 1
            #expect(try target.carryOut(.lower(to: allocation)) == allocation)
            #expect(try open().read() == allocation)
        },
        FlagTargetContract(promise: "an order carried out twice is carried out once") { open in
            let target = try open()
            for order in [
                PublishOrder.raise(to: ten, replacing: nil), .raise(to: fifty, replacing: ten),
                .lower(to: off),
            ] {
                let first = try target.carryOut(order)
                #expect(try target.carryOut(order) == first)
                #expect(try target.read() == first)
            }
        },
    ]

    private static let refusing: [FlagTargetContract] = [
        FlagTargetContract(promise: "a raise is refused unless the document is the one it was made for") {
            open in
            let target = try open()
            #expect(throws: FlagTargetError.superseded(found: nil)) {
                try target.carryOut(.raise(to: fifty, replacing: ten))
            }
            #expect(try target.read() == nil)
            _ = try target.carryOut(.raise(to: ten, replacing: nil))
            #expect(throws: FlagTargetError.superseded(found: ten)) {
                try target.carryOut(.raise(to: fifty, replacing: nil))
            }
            #expect(throws: FlagTargetError.superseded(found: ten)) {
                try target.carryOut(.raise(to: off, replacing: fifty))
            }
            #expect(try target.read() == ten)
        },
        FlagTargetContract(promise: "a raise to a revision that is not newer is refused") { open in
            let target = try open()
            _ = try target.carryOut(.raise(to: fifty, replacing: nil))
            for revision in [7, 8] {
                let late = StoredSamples.allocation(percent: 100, revision: revision)
                #expect(throws: FlagTargetError.superseded(found: fifty)) {
                    try target.carryOut(.raise(to: late, replacing: fifty))
                }
            }
            #expect(try target.read() == fifty)
        },
        FlagTargetContract(promise: "a stamp changes nothing but the revision, and fences earlier raises") {
            open in
            let target = try open()
            #expect(try target.carryOut(.stamp(revision: 3)) == nil)
            #expect(try target.read() == nil)
            _ = try target.carryOut(.raise(to: ten, replacing: nil))
            var stamped = ten
            for (revision, shown) in [(8, 8), (8, 9), (1, 10), (20, 20)] {
                stamped.revision = shown
                #expect(try target.carryOut(.stamp(revision: revision)) == stamped)
                #expect(try target.read() == stamped)
            }
            #expect(throws: FlagTargetError.superseded(found: stamped)) {
                try target.carryOut(.raise(to: fifty, replacing: ten))
            }
        },
    ]

    private static let lowering: [FlagTargetContract] = [
        FlagTargetContract(promise: "disabling is accepted whatever the document's revision") { open in
            let target = try open()
            _ = try target.carryOut(.raise(to: ten, replacing: nil))
            #expect(try target.carryOut(.lower(to: off)) == off)
            let raised = StoredSamples.allocation(percent: 50, revision: 30)
            _ = try target.carryOut(.raise(to: raised, replacing: off))
            var later = off
            later.revision = 31
            #expect(try target.carryOut(.lower(to: off)) == later)
            #expect(try target.read() == later)
        },
        FlagTargetContract(promise: "disabling an absent flag writes it down as disabled") { open in
            let target = try open()
            #expect(try target.carryOut(.lower(to: off)) == off)
            #expect(try open().read() == off)
        },
        FlagTargetContract(
            promise: "lowering to something enabled never shows more, and leaves absence alone"
        ) { open in
            let target = try open()
            let lowered = StoredSamples.allocation(percent: 10, revision: 9)
            #expect(try target.carryOut(.lower(to: lowered)) == nil)
            #expect(try target.read() == nil)
            _ = try target.carryOut(.raise(to: fifty, replacing: nil))
            #expect(try target.carryOut(.lower(to: lowered)) == lowered)
            let more = StoredSamples.allocation(percent: 90, revision: 10)
            let kept = StoredSamples.allocation(percent: 10, revision: 10)
            #expect(try target.carryOut(.lower(to: more)) == kept)
            #expect(throws: FlagTargetError.superseded(found: kept)) {
                try target.carryOut(.lower(to: lowered))
            }
            #expect(try target.read() == kept)
        },
        FlagTargetContract(promise: "of a raise and a lowering at the same time, the lowering wins and stays")
        { open in
            for round in 0..<rounds {
                let base = try open().read()
                let raised = StoredSamples.allocation(percent: 50, revision: (base?.revision ?? 0) + 1)
                let off = StoredSamples.allocation(
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
