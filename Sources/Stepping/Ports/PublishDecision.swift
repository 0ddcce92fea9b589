package import Assignment

/// What an order comes to, once the document it was made for has been looked at.
package enum PublishDecision: Sendable, Equatable {
    /// Replace what is published about the flag by this.
    case write(Allocation)
    /// The document already shows exactly what was ordered.
    case alreadyThere
    /// Nothing is published about the flag, and the order is content with that.
    case leave
    /// The document is not the one the order was made for; nothing may be written.
    case superseded
}

extension PublishOrder {
    /// Decides what to do to a document, so that every kind of target keeps the same promises.
    ///
    /// Whatever comes out, a written revision is never below the document's, and only a raise exposes anybody
    /// who was not exposed before.
    ///
    /// - Parameter published: What the document shows, read under whatever keeps other writers out until the
    ///   decision is carried out; nil when it holds nothing about the flag.
    /// - Returns: What is left to do; the caller writes at most once.
    package func resolved(against published: Allocation?) -> PublishDecision {
        switch self {
        case .raise(let allocation, let replaced):
            raised(to: allocation, replacing: replaced, published: published)
        case .lower(let allocation) where allocation.enabled:
            lowered(to: allocation, published: published)
        case .lower(let allocation):
            disabled(as: allocation, published: published)
        case .stamp(let revision):
            published.map { .write($0.stamped(atLeast: revision)) } ?? .leave
        }
    }

    private func raised(
        to allocation: Allocation,
        replacing replaced: Allocation?,
        published: Allocation?
    ) -> PublishDecision {
        guard published != allocation else { return .alreadyThere }
        guard published == replaced else { return .superseded }
        if let published, published.revision >= allocation.revision { return .superseded }
        return .write(allocation)
    }

    private func lowered(to allocation: Allocation, published: Allocation?) -> PublishDecision {
        guard let published else { return .leave }
        guard published != allocation else { return .alreadyThere }
        guard published.revision < allocation.revision else { return .superseded }
        if allocation.exposure == .zero, published.exposure > .zero { return .write(allocation) }
        // Cut down, not replaced: another salt would expose other clients, even at a smaller percentage.
        var cut = published
        if published.exposure > allocation.exposure { cut.percentage = allocation.percentage }
        cut.revision = allocation.revision
        return .write(cut)
    }

    private func disabled(as allocation: Allocation, published: Allocation?) -> PublishDecision {
        guard let published else { return .write(allocation) }
        guard published != allocation else { return .alreadyThere }
        var disabled = allocation
        disabled.revision = max(allocation.revision, published.nextRevision)
        return .write(disabled)
    }
}

extension Allocation {
    /// One more, and never a crash: whoever writes the highest number by hand gets a document that cannot be
    /// raised any more, but still disabled.
    fileprivate var nextRevision: Int { revision == .max ? .max : revision + 1 }

    fileprivate func stamped(atLeast revision: Int) -> Allocation {
        var stamped = self
        stamped.revision = max(revision, nextRevision)
        return stamped
    }
}
