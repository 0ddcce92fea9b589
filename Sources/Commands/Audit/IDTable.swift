import Assignment

/// Every id once, with the variants it was seen with, in the order of first sight.
///
/// The ids lie one behind the other in one piece of memory: a million of 36 bytes takes some 70 MB, several times less
/// than a dictionary of texts. Told apart byte by byte, as buckets are.
struct IDTable: Sendable {
    /// The variants an id was seen with.
    struct Sighting: OptionSet, Sendable {
        let rawValue: UInt8

        static let treatment = Sighting(rawValue: 1)
        static let control = Sighting(rawValue: 2)
        static let both: Sighting = [.treatment, .control]

        init(rawValue: UInt8) { self.rawValue = rawValue }

        init(_ variant: Variant) {
            switch variant {
            case .treatment: self = .treatment
            case .control: self = .control
            }
        }
    }

    private struct Entry {
        var start: Int
        var count: Int
        var seen: Sighting
    }

    private var bytes: [UInt8] = []
    private var entries: [Entry] = []
    /// Places in `entries` by hash, −1 where there is none.
    ///
    /// As many as a power of two, at most half of them taken.
    private var slots = [Int](repeating: -1, count: 1_024)

    /// How many different ids there are.
    var count: Int { entries.count }

    /// Notes that an id was seen with a variant; again is no more than once.
    mutating func see(_ id: UnsafeRawBufferPointer, with variant: Variant) {
        let slot = slot(of: id)
        guard slots[slot] < 0 else {
            entries[slots[slot]].seen.formUnion(Sighting(variant))
            return
        }
        slots[slot] = entries.count
        entries.append(Entry(start: bytes.count, count: id.count, seen: Sighting(variant)))
        bytes.append(contentsOf: id)
        if entries.count * 2 > slots.count { grow() }
    }

    /// Goes through all ids.
    func forEach(_ body: (UnsafeBufferPointer<UInt8>, Sighting) -> Void) {
        bytes.withUnsafeBufferPointer { all in
            for entry in entries {
                let id = UnsafeBufferPointer(rebasing: all[entry.start..<entry.start + entry.count])
                body(id, entry.seen)
            }
        }
    }

    /// Where an id is, or would be put.
    private func slot(of id: UnsafeRawBufferPointer) -> Int {
        var hasher = Hasher()
        hasher.combine(bytes: id)
        var slot = hasher.finalize() & (slots.count - 1)
        while slots[slot] >= 0, !holds(entries[slots[slot]], id) { slot = (slot + 1) & (slots.count - 1) }
        return slot
    }

    private func holds(_ entry: Entry, _ id: UnsafeRawBufferPointer) -> Bool {
        entry.count == id.count
            && bytes.withUnsafeBytes { $0[entry.start..<entry.start + entry.count].elementsEqual(id) }
    }

    private mutating func grow() {
        slots = [Int](repeating: -1, count: slots.count * 2)
        let entries = entries
        bytes.withUnsafeBytes { all in
            for (place, entry) in entries.enumerated() {
                var hasher = Hasher()
                hasher.combine(
                    bytes: UnsafeRawBufferPointer(rebasing: all[entry.start..<entry.start + entry.count])
                )
                var slot = hasher.finalize() & (slots.count - 1)
                while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
                slots[slot] = place
            }
        }
    }
}
