/// One client's random numbers, the same for the same seed and client: SplitMix64.
struct ClientRandom: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(seed: UInt64, client: UInt64) {
        state = seed
        // Neighbours must not begin on the same sequence one step apart.
        state = next() ^ (client &* 0xff51_afd7_ed55_8ccd)
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var bits = state
        bits = (bits ^ (bits &>> 30)) &* 0xbf58_476d_1ce4_e5b9
        bits = (bits ^ (bits &>> 27)) &* 0x94d0_49bb_1331_11eb
        return bits ^ (bits &>> 31)
    }

    /// A duration between nothing and a limit.
    mutating func duration(upTo limit: Duration) -> Duration {
        limit * Double.random(in: 0...1, using: &self)
    }

    /// A duration at most a tenth longer or shorter.
    mutating func jittered(_ duration: Duration) -> Duration {
        duration * Double.random(in: 0.9...1.1, using: &self)
    }
}
