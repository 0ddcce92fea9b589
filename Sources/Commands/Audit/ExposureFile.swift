import Assignment
import Rollout

/// A table of who was seen with which variant, as a service logged it or `assign --csv` printed it.
///
/// The first two columns are id and variant. A heading is optional; with one, the columns of those names count.
struct ExposureFile {
    var variants: Variants
    private var columns = (id: 0, variant: 1)

    init(_ variants: Variants) {
        self.variants = variants
    }

    /// Reads a whole file; `-` is standard input.
    ///
    /// - Throws: ``Failure`` with status 65 for a line that is no such row, named by its number.
    static func read(_ path: String, _ variants: Variants) throws -> IDTable {
        var file = ExposureFile(variants)
        var table = IDTable()
        let name = path == "-" ? "standard input" : path
        try LineReader(path).forEachLine({ line, number in
            guard !line.isEmpty else { return }
            do throws(RowError) {
                try file.take(line, isFirst: number == 1, into: &table)
            } catch {
                throw Failure(
                    message: "\(name): line \(number) \(error.what)",
                    hint: error.hint,
                    status: .badData
                )
            }
        })
        return table
    }

    private struct RowError: Error {
        var what: String
        var hint: String?
    }

    private mutating func take(_ line: UnsafeRawBufferPointer, isFirst: Bool, into table: inout IDTable)
        throws(RowError)
    {
        guard let fields = Self.fields(of: line) else {
            throw RowError(what: "has a quote that does not end, or something behind one that does")
        }
        if isFirst, readsHeading(fields) { return }
        guard fields.count > max(columns.id, columns.variant) else {
            throw RowError(what: "has no id and variant", hint: "write a row as 'id,\(variants.treatment)'")
        }
        let id = fields[columns.id]
        guard !id.isEmpty else { throw RowError(what: "has an empty id") }
        let variant = String(decoding: fields[columns.variant], as: UTF8.self)
        let seen: Variant
        switch variant {
        case variants.treatment: seen = .treatment
        case variants.control: seen = .control
        default:
            throw RowError(
                what: "has the variant '\(variant.prefix(100))'",
                hint: "the variants are '\(variants.treatment)' and '\(variants.control)'"
            )
        }
        id.withUnsafeBytes { table.see($0, with: seen) }
    }

    /// Whether the first row names the columns.
    private mutating func readsHeading(_ fields: [[UInt8]]) -> Bool {
        let names = fields.map { String(decoding: $0, as: UTF8.self).lowercased() }
        guard let id = names.firstIndex(of: "id"), let variant = names.firstIndex(of: "variant") else {
            return false
        }
        columns = (id, variant)
        return true
    }

    /// The fields of one line by RFC 4180; nil where its quotes do not match.
    ///
    /// A field with a line break in it is not understood: no id has one.
    private static func fields(of line: UnsafeRawBufferPointer) -> [[UInt8]]? {
        let comma = UInt8(ascii: ",")
        var fields: [[UInt8]] = []
        var rest = line[...]
        while true {
            if rest.first == quote {
                guard let field = takeQuoted(&rest) else { return nil }
                guard rest.isEmpty || rest.first == comma else { return nil }
                fields.append(field)
            } else {
                let field = rest.prefix { $0 != comma }
                rest = rest.dropFirst(field.count)
                fields.append(Array(field))
            }
            guard rest.first == comma else { return fields }
            rest = rest.dropFirst()
        }
    }

    private static let quote = UInt8(ascii: "\"")

    /// Takes a field in quotes, in which a quote is written twice; nil where it does not end.
    private static func takeQuoted(_ rest: inout Slice<UnsafeRawBufferPointer>) -> [UInt8]? {
        var field: [UInt8] = []
        rest = rest.dropFirst()
        while let end = rest.firstIndex(of: quote) {
            field += rest[..<end]
            rest = rest[(end + 1)...]
            guard rest.first == quote else { return field }
            field.append(quote)
            rest = rest.dropFirst()
        }
        return nil
    }
}
