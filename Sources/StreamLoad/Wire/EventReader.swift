/// Cuts the body of an event stream into events, wherever its bytes were cut on the way.
package struct EventReader: Sendable {
    /// What has arrived of an event that is not whole yet.
    private var beginning: [UInt8] = []
    /// Whether the line under way has anything in it but a carriage return.
    private var isLineEmpty = true

    package init() {}

    /// Takes more bytes in.
    ///
    /// - Parameters:
    ///   - bytes: What follows on the bytes before.
    ///   - see: Given every event that is whole now: its lines, with the empty one that ends it.
    package mutating func read(_ bytes: ArraySlice<UInt8>, _ see: (ArraySlice<UInt8>) -> Void) {
        var start = bytes.startIndex
        for index in bytes.indices {
            switch bytes[index] {
            case UInt8(ascii: "\n") where isLineEmpty:
                let end = index + 1
                if beginning.isEmpty {
                    see(bytes[start..<end])
                } else {
                    beginning += bytes[start..<end]
                    see(beginning[...])
                    beginning.removeAll(keepingCapacity: true)
                }
                start = end
            case UInt8(ascii: "\n"): isLineEmpty = true
            case UInt8(ascii: "\r"): break
            default: isLineEmpty = false
            }
        }
        beginning += bytes[start...]
    }
}
