extension Assigner {
    /// How many of some clients would get another variant from another assigner.
    ///
    /// For a change of percentage, algorithm or salt before it is made. A client without a key moves where it would
    /// get another variant too.
    ///
    /// - Parameters:
    ///   - other: What would be asked instead.
    ///   - keys: The clients; ``SampleClients`` where the real ones are not known.
    /// - Returns: How many of them move; exact for these clients.
    public func moved(to other: Assigner, among keys: some Sequence<String>) -> Int {
        keys.count { assign($0).variant != other.assign($0).variant }
    }
}

/// Keys of clients that do not exist, always the same ones.
///
/// A sample: what a change does to them is an estimate for real clients. Of 100,000, a count is off by more than 500
/// in two cases of 1,000 at most. They look like random UUIDs and come from the SplitMix64 generator with seed 0.
public struct SampleClients: Sequence, Sendable {
    private let count: Int

    /// Makes up clients.
    ///
    /// - Parameter count: How many; negative counts as none.
    public init(count: Int = 100_000) {
        self.count = count
    }

    /// Begins again with the first one.
    public func makeIterator() -> Iterator { Iterator(remaining: count) }

    /// Goes through made-up clients.
    public struct Iterator: IteratorProtocol {
        fileprivate var remaining: Int
        private var state: UInt64 = 0

        fileprivate init(remaining: Int) {
            self.remaining = remaining
        }

        /// The next key: 36 characters of ASCII.
        public mutating func next() -> String? {
            guard remaining > 0 else { return nil }
            remaining -= 1
            var upper = random()
            var lower = random()
            return String(unsafeUninitializedCapacity: 36) { text in
                for place in 0..<36 {
                    switch place {
                    case 8, 13, 18, 23:
                        text.initializeElement(at: place, to: UInt8(ascii: "-"))
                    default:
                        let digit = UInt8(truncatingIfNeeded: upper &>> 60)
                        upper = upper &<< 4 | lower &>> 60
                        lower &<<= 4
                        let base = digit < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10
                        text.initializeElement(at: place, to: base + digit)
                    }
                }
                return 36
            }
        }

        private mutating func random() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var mixed = state
            mixed = (mixed ^ (mixed &>> 30)) &* 0xbf58_476d_1ce4_e5b9
            mixed = (mixed ^ (mixed &>> 27)) &* 0x94d0_49bb_1331_11eb
            return mixed ^ (mixed &>> 31)
        }
    }
}
