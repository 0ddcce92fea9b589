import Yams

/// Turns YAML into ``Value``s: one document, plain mappings, lists and scalars, and nothing that is easily misread.
struct Document {
    private let findings: Findings
    private let expansion: Expansion

    /// The document's root; nil when the text is no YAML or holds no document, which was noted then.
    static func root(of text: String, environment: [String: String], findings: Findings) -> Value? {
        let document = Document(findings: findings, expansion: Expansion(environment: environment))
        guard AliasBomb.isAbsent(from: text, findings: findings) else { return nil }
        do {
            // The basic resolver leaves every scalar the text that was written: `on` stays a word.
            let parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
            // Nodes hold their anchors weakly; the parser owns them.
            return try withExtendedLifetime(parser) {
                guard let node = try parser.singleRoot() else {
                    findings.error("empty-file", "the file holds no policy", at: .top)
                    return nil
                }
                return document.value(of: node, path: "")
            }
        } catch let error as YamlError {
            document.note(error, in: text)
        } catch {
            findings.error("yaml", "\(error)", at: .top)
        }
        return nil
    }

    private func value(of node: Node, path: String) -> Value {
        let place = Place(node.mark)
        let content: Value.Content =
            if node.anchor != nil {
                refuse(
                    "anchor",
                    "anchors and aliases are not supported",
                    "write the value out wherever it is used",
                    place
                )
            } else {
                content(of: node, path: path, place: place)
            }
        return Value(content: content, place: place, path: path, findings: findings)
    }

    private func content(of node: Node, path: String, place: Place) -> Value.Content {
        switch node {
        case .scalar(let scalar):
            guard hasPlainTag(node) else { return refuseTag(place) }
            return text(of: scalar, at: place)
        case .sequence(let sequence):
            guard hasPlainTag(node) else { return refuseTag(place) }
            let items = sequence.enumerated().map { index, item in value(of: item, path: "\(path)[\(index)]")
            }
            return .list(items)
        case .mapping(let mapping):
            guard hasPlainTag(node) else { return refuseTag(place) }
            return .mapping(mapping.compactMap { key, value in entry(key, value, path: path) })
        case .alias:
            return refuse("anchor", "anchors and aliases are not supported", "write the value out", place)
        }
    }

    private func text(of scalar: Node.Scalar, at place: Place) -> Value.Content {
        let isPlain = scalar.style == .plain
        if isPlain, ["", "~", "null", "Null", "NULL"].contains(scalar.string) { return .empty }
        do {
            return .text(try expansion.expanded(scalar.string), isQuoted: !isPlain)
        } catch {
            findings.error(error.code, error.message, hint: error.hint, at: place)
            return .broken
        }
    }

    private func entry(_ key: Node, _ node: Node, path: String) -> Value.Entry? {
        let place = Place(key.mark)
        guard case .scalar(let scalar) = key else {
            findings.error("wrong-kind", "a key must be a plain word", at: place)
            return nil
        }
        let below = path.isEmpty ? scalar.string : "\(path).\(scalar.string)"
        return Value.Entry(key: scalar.string, place: place, value: value(of: node, path: below))
    }

    /// `!!str` and its like say what is so anyway; any other tag asks for a conversion nobody makes here.
    private func hasPlainTag(_ node: Node) -> Bool {
        ["", "!", "tag:yaml.org,2002:str", "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map"]
            .contains(node.tag.description)
    }

    private func refuseTag(_ place: Place) -> Value.Content {
        refuse("tag", "YAML tags ('!…') are not supported", "write the value without its tag", place)
    }

    private func refuse(_ code: String, _ message: String, _ hint: String, _ place: Place) -> Value.Content {
        findings.error(code, message, hint: hint, at: place)
        return .broken
    }

    private func note(_ error: YamlError, in text: String) {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _):
            let message = context.map { "\(problem) \($0.text)" } ?? problem
            findings.error("yaml", message, hint: hint(for: problem), at: Place(mark))
        case .composer(let context, let problem, let mark, _) where context == nil:
            findings.error("yaml", problem, at: Place(mark))
        case .composer(_, _, let mark, _):
            let message = "a second document begins here"
            findings.error("several-documents", message, hint: "one file holds one policy", at: Place(mark))
        case .duplicatedKeysInMapping(let keys, let context):
            let names = keys.sorted().map { "'\($0)'" }.joined(separator: ", ")
            let hint = "keep one; nothing else was looked at"
            findings.error(
                "duplicate-key",
                "more than once in one mapping: \(names)",
                hint: hint,
                at: Place(context.mark)
            )
        case .reader(let problem, let offset, _, _):
            findings.error("yaml", problem, at: offset.map { Place(of: $0, in: text) } ?? .top)
        default:
            findings.error("yaml", "\(error)", at: .top)
        }
    }

    private func hint(for problem: String) -> String? {
        switch problem {
        case let problem where problem.contains("cannot start any token"):
            "indent with spaces, and put texts with special characters in quotes"
        case let problem where problem.contains("mapping values are not allowed"):
            "put texts that contain ': ' in quotes, and check the indentation"
        default: nil
        }
    }
}

extension Place {
    fileprivate init(_ mark: Mark?) {
        self.init(line: mark?.line ?? 1, column: mark?.column ?? 1)
    }

    /// The place of the character with this offset.
    fileprivate init(of offset: Int, in text: String) {
        self = .top
        for character in text.prefix(offset) {
            if character.isNewline {
                line += 1
                column = 1
            } else {
                column += character.unicodeScalars.count
            }
        }
    }
}
