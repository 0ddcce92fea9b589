import FoundationEssentials
import Hummingbird
import NIOCore

/// The JSON object in a request's body.
enum RequestObject {
    /// The longest body of a request that changes something, in bytes.
    static let longest = 16 * 1_024

    /// Reads a body whose members are all known.
    ///
    /// - Parameters:
    ///   - type: What to read.
    ///   - members: The names that may be there; any other is refused, as it was meant to say something.
    ///   - request: Whose body.
    /// - Returns: What the body says.
    /// - Throws: ``Problem`` that names the member, or what reading the body throws.
    static func read<Value: Decodable>(
        _ type: Value.Type,
        members: [String],
        of request: Request
    ) async throws -> Value {
        let bytes = try await request.body.collect(upTo: longest)
        return try decode(type, members: members, from: Data(bytes.readableBytesView))
    }

    static func decode<Value: Decodable>(
        _ type: Value.Type,
        members: [String],
        from body: Data
    ) throws(Problem) -> Value {
        do {
            let names = try JSONDecoder().decode(MemberNames.self, from: body).names
            if let stranger = names.sorted().first(where: { !members.contains($0) }) {
                let known = members.map { "'\($0)'" }.joined(separator: ", ")
                throw Problem(.badRequest, "'\(stranger.prefix(100))' is no member; there are \(known)")
            }
            return try JSONDecoder().decode(type, from: body)
        } catch let problem as Problem {
            throw problem
        } catch {
            throw Problem(.badRequest, (error as? DecodingError)?.explanation ?? "the body cannot be read")
        }
    }

    private struct MemberNames: Decodable {
        var names: [String]

        init(from decoder: any Decoder) throws {
            names = try decoder.container(keyedBy: MemberName.self).allKeys.map(\.stringValue)
        }
    }

    private struct MemberName: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}

extension DecodingError {
    /// What is wrong and where, for who wrote the body.
    fileprivate var explanation: String {
        switch self {
        case .keyNotFound(let key, _): "'\(key.stringValue)' is missing"
        case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
            context.codingPath.isEmpty
                ? "the body is not a JSON object" : "'\(context.place)' is not \(Self.word(for: type))"
        case .dataCorrupted(let context):
            context.codingPath.isEmpty ? "the body is not JSON" : "'\(context.place)' has no such value"
        @unknown default: "the body cannot be read"
        }
    }

    private static func word(for type: any Any.Type) -> String {
        switch type {
        case is String.Type: "a text"
        case is Bool.Type: "true or false"
        case is any Collection.Type: "a list"
        default: "what it should be"
        }
    }
}

extension DecodingError.Context {
    /// The member, such as `command[2]`.
    fileprivate var place: String {
        codingPath.reduce(into: "") { place, key in
            if let index = key.intValue {
                place += "[\(index)]"
            } else {
                place += place.isEmpty ? key.stringValue : ".\(key.stringValue)"
            }
        }
    }
}
