package import Assignment
package import Configuration
import FoundationEssentials

/// A flag file of the controller's `json` format, as far as it is about one flag.
///
/// Reading never fails as a whole: a file that cannot be used is a reading like any other, so that whoever watches
/// the file hears of it once and keeps what was there before.
package struct FlagDocument: Sendable, Equatable {
    /// What a file says about the flag.
    package enum Reading: Sendable, Equatable {
        case says(Allocation)
        /// The file is sound, but not about this flag.
        case saysNothing
        /// The file cannot be used, and why.
        case unusable(String)
    }

    package var reading: Reading
    package let providerName: String

    /// Reads a file's bytes.
    package init(_ bytes: some Sequence<UInt8>, flag: String, providerName: String = "FlagDocument") {
        self.providerName = providerName
        let decoder = JSONDecoder()
        decoder.userInfo[FlagMember.flagKey] = flag
        do {
            let member = try decoder.decode(FlagMember.self, from: Data(bytes))
            reading = member.allocation.map(Reading.says) ?? .saysNothing
        } catch let error as DecodingError {
            reading = .unusable(Self.words(error))
        } catch {
            reading = .unusable("\(error)")
        }
    }

    private static func words(_ error: DecodingError) -> String {
        switch error {
        case .dataCorrupted(let context), .typeMismatch(_, let context), .valueNotFound(_, let context),
            .keyNotFound(_, let context):
            let place = context.codingPath.map(\.stringValue).joined(separator: ".")
            return place.isEmpty ? context.debugDescription : "\(place): \(context.debugDescription)"
        @unknown default: return "\(error)"
        }
    }
}

/// The flag's own member of the document.
private struct FlagMember: Decodable {
    static let flagKey: CodingUserInfoKey = {
        guard let key = CodingUserInfoKey(rawValue: "flag") else { preconditionFailure("a constant key") }
        return key
    }()

    var allocation: Allocation?

    init(from decoder: any Decoder) throws {
        let document = try decoder.container(keyedBy: MemberName.self)
        guard
            let flag = decoder.userInfo[Self.flagKey] as? String,
            let name = MemberName(stringValue: flag),
            document.contains(name)
        else { return }
        let member = try document.nestedContainer(keyedBy: FlagKeys.self, forKey: name)
        guard member.contains(.enabled) || member.contains(.rollout) else { return }
        let isEnabled = try member.decode(Bool.self, forKey: .enabled)
        var rollout = Rollout()
        if member.contains(.rollout) { rollout = try member.decode(Rollout.self, forKey: .rollout) }
        guard let percentage = rollout.percentage ?? (isEnabled ? nil : .zero) else {
            throw DecodingError.dataCorrupted(
                DecodingError.Context(
                    codingPath: member.codingPath,
                    debugDescription: "'enabled' is true, but there is no 'rollout.percentage'"
                )
            )
        }
        allocation = Allocation(
            enabled: isEnabled,
            percentage: percentage,
            salt: rollout.salt ?? flag,
            algorithm: rollout.algorithm ?? .flagdV2,
            revision: rollout.revision ?? 0
        )
    }

    private enum FlagKeys: String, CodingKey { case enabled, rollout }

    private struct Rollout: Decodable {
        var percentage: Percentage?
        var salt: String?
        var algorithm: HashAlgorithm?
        var revision: Int?

        enum CodingKeys: String, CodingKey { case percentage, salt, algorithm, revision }

        init() {}

        /// Null is not a value: a member that is there has to say something.
        init(from decoder: any Decoder) throws {
            let members = try decoder.container(keyedBy: CodingKeys.self)
            func value<Value: Decodable>(_ key: CodingKeys) throws -> Value? {
                try members.contains(key) ? members.decode(Value.self, forKey: key) : nil
            }
            percentage = try value(.percentage)
            salt = try value(.salt)
            algorithm = try value(.algorithm)
            revision = try value(.revision)
            if let revision, revision < 0 {
                throw DecodingError.dataCorruptedError(
                    forKey: .revision,
                    in: members,
                    debugDescription: "\(revision) is not a whole number from 0"
                )
            }
        }
    }
}

private struct MemberName: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }

    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

// What swift-configuration asks of a file it reloads; the flag is read whole, never value by value.
extension FlagDocument: FileConfigSnapshot {
    package struct ParsingOptions: FileParsingOptions {
        package var flag = ""

        package static var `default`: ParsingOptions { ParsingOptions() }
    }

    package init(data: RawSpan, providerName: String, parsingOptions: ParsingOptions) {
        let bytes = data.withUnsafeBytes { Array($0) }
        self.init(bytes, flag: parsingOptions.flag, providerName: providerName)
    }

    package func value(forKey key: AbsoluteConfigKey, type: ConfigType) -> LookupResult {
        LookupResult(encodedKey: key.description, value: nil)
    }

    package var description: String { "\(reading)" }
    package var debugDescription: String { description }
}
