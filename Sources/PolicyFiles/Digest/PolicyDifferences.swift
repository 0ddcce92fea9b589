package import Rollout

extension PolicyDigest {
    /// Every field of a policy, a line each, those left to their defaults too: `steps[1].percentage: 50 %`.
    package static func describe(_ policy: Policy) -> [String] {
        policy.facts.map { "\($0.name): \($0.value)" }
    }

    /// What changed from one policy to another, a line each: `steps[1].percentage: 50 % → 40 %`.
    ///
    /// Empty only for policies that mean the same.
    package static func describeDifferences(from old: Policy, to new: Policy) -> [String] {
        let before = old.facts
        let after = new.facts
        let oldSubjects = Set(before.map(\.subject))
        let newSubjects = Set(after.map(\.subject))

        var lines = before.compactMap { line(for: $0, in: after, stillThere: newSubjects) }
        lines += after.filter { oldSubjects.contains($0.subject) }
            .filter { fact in !before.contains { $0.name == fact.name } }
            .map { "\($0.name): none → \($0.value)" }
        lines += subjects(of: before).filter { !newSubjects.contains($0) }.map { "\($0) removed" }
        lines += subjects(of: after).filter { !oldSubjects.contains($0) }.map { "\($0) added" }
        lines += order("checks", old.checks.map(\.name), new.checks.map(\.name))
        lines += order("targets", old.targets.map(\.identity), new.targets.map(\.identity))
        // Words round and leave empty lines out; the digest does not.
        return lines.isEmpty && old != new ? ["something too small for words"] : lines
    }

    /// What became of one fact of the old policy; nil when nothing did, or its whole subject is gone.
    private static func line(
        for fact: PolicyFact,
        in after: [PolicyFact],
        stillThere subjects: Set<String>
    ) -> String? {
        guard subjects.contains(fact.subject) else { return nil }
        let value = after.first { $0.name == fact.name }?.value ?? "none"
        return value == fact.value ? nil : "\(fact.name): \(fact.value) → \(value)"
    }

    private static func subjects(of facts: [PolicyFact]) -> [String] {
        facts.map(\.subject).reduce(into: []) { seen, subject in
            if seen.last != subject { seen.append(subject) }
        }
    }

    private static func order(_ what: String, _ old: [String], _ new: [String]) -> [String] {
        guard old != new, old.sorted() == new.sorted() else { return [] }
        return ["order of \(what): \(old.joined(separator: ", ")) → \(new.joined(separator: ", "))"]
    }
}
