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
        private var random = SplitMix64(seed: 0)

        fileprivate init(remaining: Int) {
            self.remaining = remaining
        }

        /// The next key: 36 characters of ASCII.
        public mutating func next() -> String? {
            guard remaining > 0 else { return nil }
            remaining -= 1
            var upper = random.next()
            var lower = random.next()
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
    }
}
