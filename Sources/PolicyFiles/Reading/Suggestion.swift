/// Finds the word somebody meant.
enum Suggestion {
    /// The candidate nearest to what was written; nil when none is near.
    ///
    /// Case, `-` and `_` do not count, and one edit in three letters is forgiven. The first of equally near
    /// candidates wins.
    static func nearest(to written: String, among candidates: [String]) -> String? {
        let plain = simplified(written)
        let allowed = max(1, plain.count / 3)
        let measured = candidates.map { (word: $0, distance: distance(plain, simplified($0))) }
        guard let best = measured.min(by: { $0.distance < $1.distance }), best.distance <= allowed else {
            return nil
        }
        return best.word
    }

    private static func simplified(_ word: String) -> [Character] {
        word.lowercased().filter { $0 != "-" && $0 != "_" && $0 != " " }
    }

    /// How many letters must be put in, taken out, replaced or swapped with their neighbour.
    static func distance(_ one: [Character], _ other: [Character]) -> Int {
        var rows = [Array(0...other.count)]
        for (i, letter) in one.enumerated() {
            var row = [i + 1]
            for (j, counterpart) in other.enumerated() {
                let replaced = rows[i][j] + (letter == counterpart ? 0 : 1)
                var best = min(replaced, rows[i][j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, letter == other[j - 1], one[i - 1] == counterpart {
                    best = min(best, rows[i - 1][j - 1] + 1)
                }
                row.append(best)
            }
            rows.append(row)
        }
        return rows[one.count][other.count]
    }
}
