import Rollout

/// The keys of the pair of variants.
enum VariantsKey: String, SectionKey {
    case treatment, control

    static let section = "the pair of variants"
}

extension Value {
    func variants() -> Variants? {
        guard let fields = Fields(self, keys: VariantsKey.self) else { return nil }
        let treatment = fields.required(.treatment) { $0.identifier() }
        let control = fields.required(.control) { $0.identifier() }
        guard let treatment, let control else { return nil }
        guard treatment != control else {
            return fail("same-variants", "treatment and control have the same name, '\(control)'")
        }
        return Variants(treatment: treatment, control: control)
    }
}
