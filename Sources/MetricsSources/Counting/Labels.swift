/// What tells a series from others, the name among the labels as `__name__`.
typealias Labels = [String: String]

extension Labels {
    /// For people: `name{label="value"}`, labels sorted.
    var identity: String {
        let pairs = filter { $0.key != "__name__" }.sorted { $0.key < $1.key }
            .map { "\($0.key)=\"\($0.value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\"" }
        return (self["__name__"] ?? "") + "{" + pairs.joined(separator: ",") + "}"
    }
}
