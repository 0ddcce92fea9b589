/// How far a client has come: a run of the service and the last change it has seen there.
package struct StreamCursor: Sendable, Hashable {
    package var epoch: String
    package var seq: Int

    package init(epoch: String, seq: Int) {
        self.epoch = epoch
        self.seq = seq
    }

    /// Reads `7f3a-41` as a client repeats it; what is not a cursor of ours belongs to no epoch.
    package init(parsing text: some StringProtocol) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let seq = Int(parts[1]), seq >= 0 else {
            self.init(epoch: "", seq: 0)
            return
        }
        self.init(epoch: String(parts[0]), seq: seq)
    }
}

extension StreamCursor: CustomStringConvertible {
    package var description: String { "\(epoch)-\(seq)" }
}
