package import Assignment

/// The flag as environment variables say it, in the names of the controller's `env` format.
package enum FlagEnvironment {
    /// Reads the flag.
    ///
    /// - Parameters:
    ///   - flag: The flag's name; `sse` makes `SSE_ENABLED` and its sisters.
    ///   - variables: The process's environment.
    /// - Returns: The allocation; nil where the environment says nothing about the flag.
    /// - Throws: ``ServiceError/environment(variable:problem:)`` when a variable does not mean anything.
    package static func allocation(
        of flag: String,
        in variables: [String: String]
    ) throws(ServiceError) -> Allocation? {
        let found = Variable.allCases.filter { variables[$0.name(of: flag)] != nil }
        guard let first = found.first else { return nil }
        func value<Value>(
            _ variable: Variable,
            _ meaning: String,
            _ read: (String) -> Value?
        ) throws(ServiceError) -> Value? {
            let name = variable.name(of: flag)
            guard let text = variables[name] else { return nil }
            guard let value = read(text) else {
                throw .environment(variable: name, problem: "'\(text)' is not \(meaning)")
            }
            return value
        }
        func missing(_ variable: Variable) -> ServiceError {
            .environment(
                variable: first.name(of: flag),
                problem: "it is there, but \(variable.name(of: flag)) is not"
            )
        }
        guard let isEnabled = try value(.enabled, "true or false", boolean) else { throw missing(.enabled) }
        let percentage = try value(.percentage, "a number from 0 to 100 in thousandths", percentage)
        guard let percentage = percentage ?? (isEnabled ? nil : .zero) else { throw missing(.percentage) }
        let algorithm = try value(.algorithm, "a known algorithm", HashAlgorithm.init(rawValue:))
        return Allocation(
            enabled: isEnabled,
            percentage: percentage,
            salt: variables[Variable.salt.name(of: flag)] ?? flag,
            algorithm: algorithm ?? .flagdV2,
            revision: try value(.revision, "a whole number from 0", revision) ?? 0
        )
    }

    private enum Variable: String, CaseIterable {
        case enabled = "ENABLED"
        case percentage = "ROLLOUT_PERCENTAGE"
        case salt = "ROLLOUT_SALT"
        case algorithm = "ROLLOUT_ALGORITHM"
        case revision = "ROLLOUT_REVISION"

        /// The flag in capitals, everything but ASCII letters and digits as `_`.
        func name(of flag: String) -> String {
            let scalars = flag.unicodeScalars.map { scalar -> Character in
                let character = Character(scalar)
                let isPlain = character.isASCII && (character.isLetter || character.isNumber)
                return isPlain ? Character(character.uppercased()) : "_"
            }
            return "\(String(scalars))_\(rawValue)"
        }
    }

    private static func boolean(_ text: String) -> Bool? {
        switch text {
        case "true", "TRUE", "True", "1": true
        case "false", "FALSE", "False", "0": false
        default: nil
        }
    }

    private static func percentage(_ text: String) -> Percentage? {
        // Swift's own reader also takes `inf`, `nan` and `0x1p3`.
        guard text.utf8.allSatisfy({ "0123456789+-.eE".utf8.contains($0) }) else { return nil }
        return Double(text).flatMap(Percentage.init(percent:))
    }

    private static func revision(_ text: String) -> Int? {
        text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? Int(text) : nil
    }
}
