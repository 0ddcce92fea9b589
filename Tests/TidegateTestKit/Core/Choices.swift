/// Plays every combination of choices a test asks for, one a round.
///
/// ```swift
/// var choices = Choices()
/// while choices.next() { let k = choices.pick(below: 6) … }
/// ```
package struct Choices: Sendable {
    private var picks: [(value: Int, bound: Int)] = []
    private var position = 0
    private var isFirst = true

    package init() {}

    /// Begins the next round; false once every combination was played.
    package mutating func next() -> Bool {
        position = 0
        if isFirst {
            isFirst = false
            return true
        }
        while let last = picks.last, last.value + 1 >= last.bound { picks.removeLast() }
        guard !picks.isEmpty else { return false }
        picks[picks.count - 1].value += 1
        return true
    }

    /// A number from 0 up to `bound`, which must be positive; another one in every round.
    package mutating func pick(below bound: Int) -> Int {
        precondition(bound > 0, "there is nothing to choose from")
        if position == picks.count { picks.append((0, bound)) }
        defer { position += 1 }
        return picks[position].value
    }

    /// One of several values, which must not be empty.
    package mutating func pick<Value>(_ values: [Value]) -> Value { values[pick(below: values.count)] }
}
