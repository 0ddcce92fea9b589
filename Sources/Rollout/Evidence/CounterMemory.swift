/// What counters stood at when a source looked at them last.
///
/// A source without history of its own, such as one that reads a service's page, counts an interval as a difference:
/// this is kept in the state between two ticks and handed back with the next question about the same counters.
package struct CounterMemory: Sendable, Equatable, Codable {
    /// When the look was taken.
    package var at: Timestamp
    /// Each counter's value, under a name that the source alone understands.
    package var values: [String: Double]

    package init(at: Timestamp, values: [String: Double]) {
        self.at = at
        self.values = values
    }
}

/// What is remembered for one check: one memory for each count it asks for.
package struct CounterMemories: Sendable, Equatable {
    private var memories: [MetricQuestion.Role: CounterMemory]

    package init(_ memories: [MetricQuestion.Role: CounterMemory]) {
        self.memories = memories
    }

    /// What the answers to all counts ask to be remembered.
    ///
    /// Nil unless all do: counted from different moments, failures would not be a part of the exposures, nor the
    /// treatment a share of all.
    init?(_ answers: [Measurement]) {
        memories = [:]
        for answer in answers {
            guard let seen = answer.counters else { return nil }
            memories[answer.question.role] = seen
        }
        if memories.isEmpty { return nil }
    }

    package subscript(role: MetricQuestion.Role) -> CounterMemory? { memories[role] }

    /// These memories, each changed in the same way.
    package func mapping(_ change: (CounterMemory) -> CounterMemory) -> CounterMemories {
        CounterMemories(memories.mapValues(change))
    }

    /// These memories; nil where one of them is older than `age` at `now`.
    func noOlder(than age: Span, at now: Timestamp) -> CounterMemories? {
        memories.values.allSatisfy { now - $0.at <= age } ? self : nil
    }
}

extension CounterMemories: Codable {
    /// Reads an object with a role's name for each memory.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: RoleKey.self)
        memories = [:]
        for key in container.allKeys {
            memories[key.role] = try container.decode(CounterMemory.self, forKey: key)
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: RoleKey.self)
        for role in memories.keys.sorted(by: { $0.rawValue < $1.rawValue }) {
            try container.encode(memories[role], forKey: RoleKey(role: role))
        }
    }

    private struct RoleKey: CodingKey {
        var role: MetricQuestion.Role
        var stringValue: String { role.rawValue }
        var intValue: Int? { nil }

        init(role: MetricQuestion.Role) { self.role = role }
        init?(stringValue: String) {
            guard let role = MetricQuestion.Role(rawValue: stringValue) else { return nil }
            self.role = role
        }
        init?(intValue: Int) { nil }
    }
}
