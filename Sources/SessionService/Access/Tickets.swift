package import FoundationEssentials

/// Tickets for one stream each, for pages that cannot send a cookie or a header with it.
///
/// A value: time comes in. A ticket is worth the login of who asked for it, once and for a short while.
package struct Tickets: Sendable {
    /// How long a ticket is good.
    package static let lifetimeMilliseconds = 30_000

    private struct Ticket {
        var standing: Standing
        var ends: Date
    }

    private let capacity: Int
    private var tickets: [String: Ticket] = [:]

    package init(capacity: Int = 10_000) {
        self.capacity = capacity
    }

    /// Keeps a new ticket; nil where too many are out.
    package mutating func issue(_ standing: Standing, at now: Date) -> String? {
        if tickets.count >= capacity { tickets = tickets.filter { $0.value.ends > now } }
        guard tickets.count < capacity else { return nil }
        let name = String(UInt128.random(in: 0...UInt128.max), radix: 36)
        let ends = now.addingTimeInterval(Double(Self.lifetimeMilliseconds) / 1_000)
        tickets[name] = Ticket(standing: standing, ends: ends)
        return name
    }

    /// What a ticket is worth; from here on, nothing.
    package mutating func redeem(_ name: String, at now: Date) -> Standing {
        guard let ticket = tickets.removeValue(forKey: name) else { return .wrong }
        guard ticket.ends > now else { return .ended }
        if case .login(let login) = ticket.standing, let ends = login.ends, ends <= now { return .ended }
        return ticket.standing
    }
}
