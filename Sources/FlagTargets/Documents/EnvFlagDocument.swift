import Assignment

/// A flag file as environment variables: `SSE_ENABLED=true`, `SSE_ROLLOUT_PERCENTAGE=10` and their sisters.
struct EnvFlagDocument {
    private let bytes: [UInt8]
    private let flag: String
    /// Our variables among those of the document, in its order.
    private let found: [(variable: Variable, assignment: EnvAssignment)]

    /// What a variable holds, by the end of its name; in the order they are written.
    private enum Variable: String, CaseIterable {
        case enabled = "ENABLED"
        case percentage = "ROLLOUT_PERCENTAGE"
        case salt = "ROLLOUT_SALT"
        case algorithm = "ROLLOUT_ALGORITHM"
        case revision = "ROLLOUT_REVISION"
    }

    init(_ bytes: [UInt8], flag: String) throws(DocumentFault) {
        self.bytes = bytes
        self.flag = flag
        var found: [(variable: Variable, assignment: EnvAssignment)] = []
        for assignment in EnvScanner.assignments(in: bytes) {
            guard
                let variable = Variable.allCases.first(where: { Self.name(of: $0, flag) == assignment.name })
            else { continue }
            // Shells take the last one, other readers the first.
            guard !found.contains(where: { $0.variable == variable }) else {
                throw DocumentFault(
                    offset: assignment.valueSpan.lowerBound,
                    message: "\(assignment.name) is there twice"
                )
            }
            found.append((variable, assignment))
        }
        self.found = found
    }

    /// What the document says about the flag; nil when it says nothing.
    func allocation() throws(DocumentFault) -> Allocation? {
        guard let first = found.first else { return nil }
        var enabled: Bool?
        var parts = AllocationParts(enabled: false)
        for (variable, assignment) in found {
            guard let text = assignment.value else {
                throw fault(assignment, "has quotes that do not match")
            }
            switch variable {
            case .enabled:
                enabled = Self.boolean(text)
                guard enabled != nil else { throw fault(assignment, "is neither true nor false") }
            case .percentage:
                parts.percentage = AllocationParts.percentage(text)
                guard parts.percentage != nil else {
                    throw fault(assignment, "is not a number from 0 to 100 in thousandths")
                }
            case .salt: parts.salt = text
            case .algorithm:
                parts.algorithm = HashAlgorithm(rawValue: text)
                guard parts.algorithm != nil else {
                    throw fault(assignment, "is none of \(HashAlgorithm.allCases.map(\.rawValue))")
                }
            case .revision:
                parts.revision = AllocationParts.revision(text)
                guard parts.revision != nil else { throw fault(assignment, "is not a whole number from 0") }
            }
        }
        guard let enabled else {
            throw fault(first.assignment, "is there, but \(Self.name(of: .enabled, flag)) is not")
        }
        parts.enabled = enabled
        guard let allocation = parts.allocation(of: flag) else {
            throw fault(first.assignment, "is there, but \(Self.name(of: .percentage, flag)) is not")
        }
        return allocation
    }

    /// The document with the flag's variables saying `allocation`.
    ///
    /// A value that already means the right thing keeps its spelling; missing variables follow the others.
    func showing(_ allocation: Allocation) throws(DocumentFault) -> [UInt8] {
        let published = try self.allocation()
        var edits: [TextEdit] = []
        var missing: [String] = []
        let export = found.last?.assignment.isExported == true ? "export " : ""
        for variable in Variable.allCases {
            let text = Self.text(of: variable, in: allocation)
            guard let place = found.first(where: { $0.variable == variable })?.assignment else {
                missing.append("\(export)\(Self.name(of: variable, flag))=\(try Self.quoted(text))")
                continue
            }
            guard let published, Self.text(of: variable, in: published).utf8.elementsEqual(text.utf8) else {
                let written = try Self.quoted(text, like: place.quote)
                edits.append(TextEdit(span: place.valueSpan, replacement: written))
                continue
            }
        }
        edits += insertion(of: missing)
        return TextEdit.apply(edits, to: bytes)
    }

    private func insertion(of lines: [String]) -> [TextEdit] {
        guard !lines.isEmpty else { return [] }
        let place = found.last?.assignment.end ?? bytes.count
        let firstBreak = bytes.firstIndex(of: UInt8(ascii: "\n"))
        let isCRLF = firstBreak.map { $0 > 0 && bytes[$0 - 1] == UInt8(ascii: "\r") } ?? false
        let lineBreak = isCRLF ? "\r\n" : "\n"
        let startsLine = place == 0 || bytes[place - 1] == UInt8(ascii: "\n")
        let text = (startsLine ? "" : lineBreak) + lines.map { $0 + lineBreak }.joined()
        return [TextEdit(span: place..<place, replacement: text)]
    }

    private func fault(_ assignment: EnvAssignment, _ message: String) -> DocumentFault {
        DocumentFault(offset: assignment.valueSpan.lowerBound, message: "\(assignment.name) \(message)")
    }

    /// `SSE_ROLLOUT_PERCENTAGE`: the flag in capitals, everything but letters and digits as `_`.
    private static func name(of variable: Variable, _ flag: String) -> String {
        var name = ""
        for scalar in flag.unicodeScalars {
            let isPlain =
                scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
            name += isPlain ? scalar.properties.uppercaseMapping : "_"
        }
        return "\(name)_\(variable.rawValue)"
    }

    private static func text(of variable: Variable, in allocation: Allocation) -> String {
        switch variable {
        case .enabled: "\(allocation.enabled)"
        case .percentage: allocation.percentage.number
        case .salt: allocation.salt
        case .algorithm: allocation.algorithm.rawValue
        case .revision: "\(allocation.revision)"
        }
    }

    private static func boolean(_ text: String) -> Bool? {
        switch text {
        case "true", "TRUE", "True", "1": true
        case "false", "FALSE", "False", "0": false
        default: nil
        }
    }

    /// A value as every reader understands it, in the quotes it had where that works.
    private static func quoted(_ text: String, like quote: UInt8? = nil) throws(DocumentFault) -> String {
        guard text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7f }) else {
            throw DocumentFault(offset: 0, message: "a value with a line break does not fit into an env file")
        }
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
            default: "_-.:/@%+,=".utf8.contains(byte)
            }
        }
        switch quote {
        case UInt8(ascii: "\"") where isPlain: return "\"\(text)\""
        case nil where isPlain && !text.isEmpty: return text
        default: break
        }
        guard text.utf8.contains(UInt8(ascii: "'")) else { return "'\(text)'" }
        var escaped = ""
        for scalar in text.unicodeScalars {
            if #"\"$`"#.unicodeScalars.contains(scalar) { escaped += "\\" }
            escaped.unicodeScalars.append(scalar)
        }
        return "\"\(escaped)\""
    }
}
