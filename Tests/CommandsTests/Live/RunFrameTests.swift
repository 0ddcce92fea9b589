import Assignment
import Rollout
import Testing
import TidegateTestKit

@testable import Commands

@Suite("A frame of the live view")
struct RunFrameTests {
    /// How a golden file was drawn; its name follows from it.
    struct Look: CustomStringConvertible, Sendable {
        var scene: String
        var width: Int
        var style: FrameStyle

        var description: String {
            "\(scene)-\(width)\(style.colours ? "-colour" : "")\(style.unicode ? "" : "-ascii")"
        }
    }

    private static let plain = FrameStyle(colours: false, unicode: true)

    static let looks: [Look] = ["progressing", "amiss", "rolled-back", "compared"].flatMap { scene in
        [
            Look(scene: scene, width: 80, style: plain), Look(scene: scene, width: 60, style: plain),
            Look(scene: scene, width: 80, style: FrameStyle(colours: true, unicode: true)),
            Look(scene: scene, width: 60, style: FrameStyle(colours: false, unicode: false)),
            Look(scene: scene, width: 80, style: FrameStyle(colours: false, unicode: false)),
        ]
    }

    private func panel(_ scene: String) throws -> RunPanel {
        switch scene {
        case "progressing": .progressing
        case "amiss": .amiss
        case "compared": .compared
        default: .rolledBack
        }
    }

    @Test("looks as it was looked at", arguments: looks)
    func golden(look: Look) throws {
        let lines = try panel(look.scene).frame(width: look.width, height: 23, style: look.style)
        let text = lines.map { $0.replacing("\u{1B}", with: "^[") + "\n" }.joined()
        Golden.expect(text, matches: Golden.fixtures("../Golden") + "/frames/\(look).txt")
    }

    @Test(
        "is never wider or taller than the terminal",
        arguments: ["progressing", "amiss", "rolled-back", "compared"]
    )
    func fits(scene: String) throws {
        let panel = try panel(scene)
        for unicode in [true, false] {
            let style = FrameStyle(colours: false, unicode: unicode)
            for width in 1...130 {
                let lines = panel.frame(width: width, height: 60, style: style)
                #expect(lines.allSatisfy { DisplayWidth.of($0) <= width }, "\(width)")
            }
            for height in 0...30 {
                #expect(panel.frame(width: 80, height: height, style: style).count <= height, "\(height)")
            }
        }
    }

    @Test("without colours holds no escape sequence, and the same words as with them")
    func colours() {
        let plain = RunPanel.amiss.frame(width: 80, height: 23, style: Self.plain)
        let coloured = RunPanel.amiss.frame(
            width: 80,
            height: 23,
            style: FrameStyle(colours: true, unicode: true)
        )
        #expect(!plain.joined().contains("\u{1B}"))
        #expect(coloured.joined().contains("\u{1B}[31m"))
        #expect(coloured.map { $0.replacing(#/\u{1B}\[[0-9]+m/#, with: "") } == plain)
    }

    @Test("for a locale without UTF-8 is ASCII only")
    func ascii() {
        let style = FrameStyle(colours: false, unicode: false)
        for panel in [RunPanel.progressing, .amiss, .rolledBack, .compared] {
            for height in [5, 23] {
                let text = panel.frame(width: 80, height: height, style: style).joined()
                #expect(text.utf8.allSatisfy { (0x20...0x7E).contains($0) })
            }
        }
    }

    @Test("in a low terminal keeps what is amiss and says how many checks it hides")
    func low() {
        var panel = RunPanel.progressing
        panel.gauges = (1...12).map { .healthy("check-\($0)", strain: 0.1) }
        panel.gauges.append(.healthy("check-13", strain: 1.5, cause: .breached))
        let lines = panel.frame(width: 80, height: 9, style: Self.plain)
        #expect(lines.count == 9)
        #expect(lines.contains { $0.contains("check-13") })
        #expect(lines.contains { $0.contains("more checks") })
        #expect(lines.contains { $0.contains("  next ") })
        #expect(!panel.frame(width: 80, height: 40, style: Self.plain).contains { $0.contains("more check") })
    }

    @Test("draws values of any size", arguments: [1e300, .infinity, 0])
    func anySize(strain: Double) {
        var panel = RunPanel.rolledBack
        panel.gauges = [.healthy("errors", strain: strain)]
        #expect(panel.frame(width: 80, height: 24, style: Self.plain).contains { $0.contains("errors") })
    }

    @Test("lets no answer of a server move the cursor")
    func hostile() {
        var panel = RunPanel.progressing
        panel.gauges[0].cause = .unreachable
        panel.gauges[0].reason = "sorry\u{1B}[2J\r\nbye\u{202E}"
        panel.troubles = ["error: a\u{9B}31m\u{7}b"]
        let text = panel.frame(width: 80, height: 23, style: Self.plain).joined()
        for hidden in ["\u{1B}", "\r", "\n", "\u{9B}", "\u{7}", "\u{202E}"] {
            #expect(!text.unicodeScalars.contains { "\($0)" == hidden })
        }
        #expect(text.contains("sorry [2J bye") || text.contains("sorry [2J  bye"))
    }

    @Test("counts columns, not characters")
    func widths() {
        for (text, width) in [
            ("abc", 3), ("é", 1), ("e\u{301}", 1), ("日本", 4), ("한", 2), ("🚦", 2), ("❤\u{FE0F}", 2), ("→", 1),
            ("█░▁━●✓", 6), ("👩‍👩‍👧", 2), ("ｱ", 1), ("Ａ", 2), ("", 0),
        ] {
            #expect(DisplayWidth.of(text) == width, "\(text)")
        }
        var panel = RunPanel.progressing
        panel.gauges[0].name = "日本語のとても長い名前のチェック"
        let lines = panel.frame(width: 60, height: 23, style: Self.plain)
        #expect(lines.allSatisfy { DisplayWidth.of($0) <= 60 })
        #expect(lines.contains { $0.contains("日本語") && $0.contains("…") })
    }

    @Test("knows a UTF-8 locale by the first variable that is set")
    func locale() {
        #expect(Terminal.isUnicode(["LANG": "en_US.UTF-8"]))
        #expect(Terminal.isUnicode(["LC_CTYPE": "C.utf8", "LANG": "C"]))
        #expect(Terminal.isUnicode(["LC_ALL": "", "LANG": "de_DE.UTF-8@euro"]))
        #expect(!Terminal.isUnicode(["LC_ALL": "C", "LANG": "en_US.UTF-8"]))
        #expect(!Terminal.isUnicode(["LANG": "de_DE.ISO-8859-1"]))
        #expect(!Terminal.isUnicode([:]))
    }

    @Test("measures a value by how much of its limit it uses up, whichever way the limit points")
    func strain() {
        let ceiling = Check.ceiling
        #expect(ceiling.strain(of: 0.005) == 0.5)
        #expect(ceiling.strain(of: 0.01) == 1)
        #expect(ceiling.strain(of: 0.02) == 2)
        let atLeast = Check.query("up", bound: .min(100))
        #expect(atLeast.strain(of: 200) == 0.5)
        #expect(atLeast.strain(of: 50) == 2)
        #expect(atLeast.strain(of: 0) == 2)
        let none = Check.query("errors", bound: .max(0))
        #expect(none.strain(of: 0) == 0)
        #expect(none.strain(of: 3) == 2)
    }
}
