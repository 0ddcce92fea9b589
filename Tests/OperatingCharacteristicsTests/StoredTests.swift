import FoundationEssentials
import Testing

@testable import OperatingCharacteristics

@Suite("What is stored")
struct StoredTests {
    static let page = catalogue.appending(path: "OperatingCharacteristics.md")
    private static let catalogue = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Sources/Analysis/Analysis.docc")

    @Test("puts what was measured between the page's markers, as often as one likes")
    func page() throws {
        let page = StoredPage("before\n\(StoredPage.begin)\nold\n\(StoredPage.end)\nafter\n")
        let new = try #require(page.replacing(measured: "new"))
        #expect(new.text == "before\n\(StoredPage.begin)\n\nnew\n\n\(StoredPage.end)\nafter\n")
        #expect(new.replacing(measured: "new") == new)
    }

    @Test(
        "refuses a page without a place for it",
        arguments: [
            "", StoredPage.begin, StoredPage.end + StoredPage.begin, StoredPage.begin + StoredPage.begin,
        ]
    )
    func noPlace(text: String) {
        #expect(StoredPage(text).replacing(measured: "new") == nil)
    }

    @Test("is in the documentation, for every rule and every scenario")
    func documentation() throws {
        let page = try String(contentsOf: Self.page, encoding: .utf8)
        #expect(StoredPage(page).replacing(measured: "") != nil)
        for candidate in Candidate.all {
            #expect(page.contains("| \(candidate.name) "), "\(candidate.name)")
            #expect(page.contains(candidate.meaning), "\(candidate.name)")
        }
        for scenario in Scenario.harmless + Scenario.harmful {
            #expect(page.contains("`\(scenario.name)`"), "\(scenario.name)")
        }
        #expect(!page.contains("BROKEN"))
        let picture = try String(
            contentsOf: Self.catalogue.appending(path: "operating-characteristics.svg"),
            encoding: .utf8
        )
        #expect(Markup.isWellFormed(picture))
        #expect(page.contains("](operating-characteristics.svg)"), "by its name alone: DocC knows no folders")
    }

    @Test("has a picture that is well-formed and names every rule")
    func picture() async {
        let candidates = Candidate.all.filter { $0.name.hasPrefix("script") || $0.name == "Flagger" }
        let survey = await Survey(
            candidates,
            runs: Survey.Runs(exact: 1),
            by: Trials(seed: 1, threads: 2)
        )
        let svg = Picture(survey).svg
        #expect(Markup.isWellFormed(svg))
        for candidate in candidates { #expect(svg.contains(">\(candidate.name) ("), "\(candidate.name)") }
        #expect(svg.contains("prefers-color-scheme: dark"))
    }

    @Test("escapes what would end an element")
    func escaping() {
        var svg = SVG(width: 10, height: 10, title: "a < b & c", style: "")
        svg.text("x > <y>", .start, at: SVG.Point(x: 1, y: -2.25), class: "c")
        #expect(Markup.isWellFormed(svg.document))
        #expect(svg.document.contains("a &lt; b &amp; c"))
        #expect(svg.document.contains(#"y="-2.3""#))
    }

    @Test("has tables whose columns are aligned")
    func table() {
        let table = TextTable(head: ["rule", "n"], rows: [["a", "10"], ["long name", "7"]])
        #expect(
            table.text == """
                | rule      |  n |
                | --------- | -: |
                | a         | 10 |
                | long name |  7 |
                """
        )
    }

    @Test("has shares with as many digits as say something")
    func figures() {
        let shares = [0, 0.00004, 0.0012, 0.00994, 0.012, 0.5, 1]
        #expect(
            shares.map(Figures.percent) == ["0 %", "0.00 %", "0.12 %", "0.99 %", "1.2 %", "50 %", "100 %"]
        )
        #expect(
            [7, 999, 1000, 2_444_008].map { Figures.grouped(Double($0)) } == [
                "7", "999", "1,000", "2,444,008",
            ]
        )
        #expect([0.00003, 0.0213].map(Figures.atMost) == ["at most 0.01 %", "at most 2.1 %"])
        #expect(Figures.fixed(1.005, digits: 1) == "1.0")
        #expect(Figures.fixed(-0.04, digits: 1) == "0.0")
    }

    @Test("says how far chance may have misled it (Clopper and Pearson)")
    func bound() {
        // 1 − 0.05^(1/300); and the tables' value for 3 of 10,000.
        #expect(abs(ExactBound.upper(0, of: 300) - 0.009936) < 1e-6)
        #expect(abs(ExactBound.upper(3, of: 10_000) - 0.000775) < 1e-6)
        #expect(ExactBound.upper(5, of: 5) == 1)
    }

    @Test("calls a limit broken that is exceeded")
    func limits() {
        var tally = Tally()
        for number in 0..<100 {
            tally.count(RolloutCourse(end: number < 2 ? .rolledBack : .promoted, looks: 1, harm: 0))
        }
        #expect(!Limit.share("x", tally, most: 0.01).holds)
        #expect(Limit.share("x", tally, most: 0.02).holds)
        #expect(!Limit.share("x", nil, most: 0.02).holds, "what was not measured is not kept")
        #expect(Limit.decision(nanoseconds: 4999).holds && !Limit.decision(nanoseconds: 5001).holds)
        #expect([Limit.share("x", tally, most: 0.01)].section.text.contains("BROKEN"))
    }
}

@Suite("A limit")
struct LimitTests {
    @Test("of the median setting is broken where one is never found, and where it takes too long")
    func detection() {
        #expect(Limit.detection([1.2, 1.5, 3]).holds)
        #expect(!Limit.detection([1.2, 1.51, 1.6]).holds)
        #expect(!Limit.detection([1.2, 1.3, nil]).holds)
        #expect(!Limit.detection([]).holds)
        #expect(Limit.detection([1.4, 1.3]).measured == "1.35")
    }

    @Test("of raises during an incident is the mean of the services")
    func raises() {
        let tallies = [0, 3].map { raised in
            var tally = Tally()
            for number in 0..<100 {
                var course = RolloutCourse(end: .promoted, looks: 9, harm: 0)
                course.isRaisedInIncident = number < raised
                tally.count(course)
            }
            return tally
        }
        func limit(_ most: Double, _ tallies: [Tally]) -> Limit {
            Limit.mean("x", tallies, most: most, of: \.raisedInIncident, share: \.incidentRaiseShare)
        }
        #expect(limit(0.015, tallies).holds && !limit(0.0149, tallies).holds)
        #expect(limit(0.015, tallies).measured == "1.5 %")
        #expect(!limit(1, []).holds, "what was not measured is not kept")
    }

    @Test("is there for every promise, and each of them is kept on the page")
    func complete() async throws {
        let nothing = await Survey([], runs: Survey.Runs(exact: 1), by: Trials(seed: 1, threads: 1))
        #expect(nothing.limits.filter(\.holds).isEmpty, "what was not measured is not kept")
        let page = try String(contentsOf: StoredTests.page, encoding: .utf8)
        let lines = page.split(separator: "\n")
        let names = nothing.limits.map(\.name) + [Limit.detection([]).name]
        #expect(names.count == 21 && Set(names).count == 21)
        for name in names {
            let line = lines.first { $0.hasPrefix("| \(name) ") }
            #expect(line?.contains("| holds |") == true, "\(name)")
        }
    }
}

/// As much of XML as the picture uses.
private enum Markup {
    /// Whether every element is closed in its order, every attribute quoted, and nothing left unescaped.
    static func isWellFormed(_ text: String) -> Bool {
        var open: [Substring] = []
        var elements = 0
        var rest = text[...]
        while let begin = rest.firstIndex(of: "<") {
            guard isText(rest[..<begin]), let end = rest[begin...].firstIndex(of: ">") else { return false }
            let tag = rest[rest.index(after: begin)..<end]
            rest = rest[rest.index(after: end)...]
            guard tag.count(where: { $0 == "\"" }).isMultiple(of: 2), !tag.contains("<") else { return false }
            if tag.hasPrefix("/") {
                guard open.popLast() == tag.dropFirst() else { return false }
                if open.isEmpty { break }
                continue
            }
            elements += 1
            if !tag.hasSuffix("/") { open.append(tag.prefix { $0 != " " }) }
        }
        return open.isEmpty && elements > 0 && rest.allSatisfy(\.isWhitespace)
    }

    private static func isText(_ text: Substring) -> Bool {
        guard !text.contains(">") else { return false }
        return text.split(separator: "&", omittingEmptySubsequences: false).dropFirst().allSatisfy { part in
            ["amp;", "lt;", "gt;"].contains { part.hasPrefix($0) }
        }
    }
}
