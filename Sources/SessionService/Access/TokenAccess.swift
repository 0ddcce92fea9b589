import FoundationEssentials
import Glibc
import Synchronization

/// Lets those in who have a token of a file, which is read again when it changes.
final class TokenAccess: Access {
    /// What looking at the file came to.
    enum Outcome: Sendable, Equatable {
        case unchanged
        case applied
        /// The file cannot be used, and why; what held before still holds.
        case rejected(String)
    }

    private struct State {
        var table: TokenTable
        /// What was seen last, good or not: the same trouble is told once.
        var seen: Result<[UInt8], FileTrouble>
    }

    private let path: String
    private let state: Mutex<State>

    /// Reads the file for the first time.
    ///
    /// - Throws: ``ServiceError/tokens(path:flaw:)`` or ``ServiceError/tokensFile(path:problem:)``.
    init(path: String) throws(ServiceError) {
        self.path = path
        let bytes: [UInt8]
        do throws(FileTrouble) {
            bytes = try Self.contents(of: path)
        } catch {
            throw .tokensFile(path: path, problem: error.description)
        }
        do throws(TokenTable.Flaw) {
            let table = try TokenTable(parsing: String(decoding: bytes, as: UTF8.self))
            state = Mutex(State(table: table, seen: .success(bytes)))
        } catch {
            throw .tokens(path: path, flaw: error)
        }
    }

    func standing(of token: String?, at now: Date) -> Standing {
        guard let token else { return .missing }
        return state.withLock { $0.table }.standing(of: token, at: now)
    }

    /// Whether somebody who has logged in still has any token.
    func stillKnows(_ subject: String) -> Bool { state.withLock { $0.table.knows(subject) } }

    /// Looks at the file again; one that cannot be used changes nothing.
    func reload() -> Outcome {
        let found = Result { () throws(FileTrouble) in try Self.contents(of: path) }
        return state.withLock { state in
            guard found != state.seen else { return .unchanged }
            state.seen = found
            do {
                state.table = try TokenTable(parsing: String(decoding: found.get(), as: UTF8.self))
                return .applied
            } catch let flaw as TokenTable.Flaw {
                return .rejected(flaw.description(of: path))
            } catch {
                return .rejected("\(path): \(error)")
            }
        }
    }

    /// Why a file could not be read.
    private struct FileTrouble: Error, Equatable, CustomStringConvertible {
        var code: Int32

        var description: String { String(cString: strerror(code)) }
    }

    /// More than anybody's list of tokens; a device would have no end.
    private static let longest = 1 << 20

    private static func contents(of path: String) throws(FileTrouble) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileTrouble(code: errno) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 * 1_024)
        while true {
            let count = read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw FileTrouble(code: errno) }
            guard count > 0 else { return bytes }
            bytes += chunk[..<count]
            guard bytes.count <= longest else { throw FileTrouble(code: EFBIG) }
        }
    }
}

extension TokenTable.Flaw {
    /// The flaw as compilers write it: `tokens:3:7: what is wrong`.
    func description(of path: String) -> String { "\(path):\(line):\(column): \(problem)" }
}
