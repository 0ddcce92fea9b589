import Assignment
import Rollout
import Stepping
import Testing
import TidegateTestKit

@Suite("An order meets a document")
struct PublishOrderTests {
    /// Every combination of a few exposures, salts and revisions, and nothing at all.
    private static let documents: [Allocation?] =
        [nil]
        + [true, false].flatMap { enabled in
            [0, 10, 50, 100].flatMap { percent in
                ["sse", "other"].flatMap { salt in
                    [0, 6, 7, 8, Int.max].map { revision -> Allocation? in
                        var allocation = StoredSamples.allocation(
                            percent: percent,
                            enabled: enabled,
                            revision: revision
                        )
                        allocation.salt = salt
                        return allocation
                    }
                }
            }
        }

    /// Documents an order may ask for, which carry the controller's own revisions.
    private static let ordered = documents.compactMap(\.self).filter { $0.revision == 7 }

    @Test("and a raise is written only over the very document it was made for")
    func raises() {
        for allocation in Self.ordered {
            for replaced in Self.documents {
                for document in Self.documents {
                    let decision = PublishOrder.raise(to: allocation, replacing: replaced).resolved(
                        against: document
                    )
                    let isOlder = document.map { $0.revision < allocation.revision } ?? true
                    let expected: PublishDecision =
                        if document == allocation {
                            .alreadyThere
                        } else if document == replaced, isOlder {
                            .write(allocation)
                        } else {
                            .superseded
                        }
                    #expect(decision == expected, "\(allocation) over \(String(describing: document))")
                }
            }
        }
    }

    @Test("and disabling is always accepted")
    func disables() throws {
        for allocation in Self.ordered where !allocation.enabled {
            for document in Self.documents {
                switch PublishOrder.lower(to: allocation).resolved(against: document) {
                case .write(let written):
                    #expect(written.exposure == .zero)
                    #expect(written.revision >= allocation.revision)
                    #expect(written.percentage == allocation.percentage)
                    if let document, document.revision >= allocation.revision, document.revision != .max {
                        #expect(written.revision == document.revision + 1)
                    } else if document?.revision != .max {
                        #expect(written == allocation)
                    }
                case .alreadyThere: #expect(document == allocation)
                case let other: Issue.record("\(other) for \(String(describing: document))")
                }
            }
        }
    }

    @Test("and lowering to something enabled cuts down an older document, and touches no other")
    func lowers() {
        for allocation in Self.ordered where allocation.enabled {
            for document in Self.documents {
                let decision = PublishOrder.lower(to: allocation).resolved(against: document)
                guard let document else {
                    #expect(decision == .leave)
                    continue
                }
                if document == allocation {
                    #expect(decision == .alreadyThere)
                } else if document.revision >= allocation.revision {
                    #expect(decision == .superseded)
                } else if case .write(let written) = decision {
                    #expect(written.exposure == min(document.exposure, allocation.exposure))
                    #expect(written.revision == allocation.revision)
                    #expect(written.exposure == .zero || written.salt == document.salt)
                } else {
                    Issue.record("\(decision) for \(document)")
                }
            }
        }
    }

    @Test("and a stamp changes nothing but the revision")
    func stamps() {
        for document in Self.documents {
            let decision = PublishOrder.stamp(revision: 7).resolved(against: document)
            guard var expected = document else {
                #expect(decision == .leave)
                continue
            }
            let next = expected.revision == .max ? .max : expected.revision + 1
            expected.revision = max(7, next)
            #expect(decision == .write(expected))
        }
    }

    @Test("and no order but a raise exposes anybody new, and none goes back to an older revision")
    func neverExposesMore() {
        let orders =
            Self.ordered.map { PublishOrder.lower(to: $0) }
            + [0, 7, 100].map { PublishOrder.stamp(revision: $0) }
        for order in orders {
            for document in Self.documents {
                guard case .write(let written) = order.resolved(against: document) else { continue }
                #expect(written.exposure <= document?.exposure ?? .zero)
                #expect(written.revision >= document?.revision ?? 0)
                #expect(written.exposure == .zero || written.salt == document?.salt)
            }
        }
    }

    @Test("and after a stamp or a lowering, a raise that was ordered before is refused")
    func fences() {
        for document in Self.documents where document?.revision != .max {
            guard let document else { continue }
            var raised = document
            raised.percentage = .hundred
            raised.enabled = true
            raised.revision += 1
            let orders: [PublishOrder] = [
                .stamp(revision: raised.revision), .stamp(revision: 0),
                .lower(to: StoredSamples.allocation(percent: 0, enabled: false, revision: raised.revision)),
                .lower(to: StoredSamples.allocation(percent: 0, enabled: false, revision: 0)),
            ]
            for order in orders {
                guard case .write(let fence) = order.resolved(against: document), fence != raised else {
                    continue
                }
                let late = PublishOrder.raise(to: raised, replacing: document).resolved(against: fence)
                #expect(late == .superseded, "\(order) on \(document)")
            }
        }
    }
}
