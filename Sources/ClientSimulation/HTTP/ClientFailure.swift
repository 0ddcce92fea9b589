/// What went wrong, as a client sees it.
enum ClientFailure: Error, Equatable {
    /// No connection, or one that broke.
    case connection(String)
    /// No answer in time.
    case timeout
    /// An answer with this status.
    case status(Int)
    /// An answer that is not what it should be.
    case malformed(String)
    /// An update that does not follow the one before.
    case outOfOrder(String)
    /// A stream without any event for too long.
    case silent
    /// A stream that ended unasked.
    case ended
}
