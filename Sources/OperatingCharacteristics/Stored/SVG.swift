/// A picture in SVG, written element by element.
///
/// Colours are classes, so that one file suits light and dark backgrounds.
struct SVG {
    private let width: Int
    private let height: Int
    private let title: String
    private let style: String
    private var elements: [String] = []

    init(width: Int, height: Int, title: String, style: String) {
        self.width = width
        self.height = height
        self.title = title
        self.style = style
    }

    mutating func rectangle(
        _ corner: Point,
        width: Double,
        height: Double,
        radius: Double = 0,
        class name: String
    ) {
        elements.append(
            #"<rect x="\#(corner.xText)" y="\#(corner.yText)" width="\#(Self.text(width))" "#
                + #"height="\#(Self.text(height))" rx="\#(Self.text(radius))" class="\#(name)"/>"#
        )
    }

    mutating func line(_ from: Point, _ to: Point, class name: String) {
        elements.append(
            #"<line x1="\#(from.xText)" y1="\#(from.yText)" x2="\#(to.xText)" y2="\#(to.yText)" class="\#(name)"/>"#
        )
    }

    mutating func circle(_ center: Point, radius: Double, class name: String) {
        elements.append(
            #"<circle cx="\#(center.xText)" cy="\#(center.yText)" r="\#(Self.text(radius))" class="\#(name)"/>"#
        )
    }

    mutating func text(_ text: String, _ anchor: Anchor, at point: Point, class name: String) {
        elements.append(
            #"<text x="\#(point.xText)" y="\#(point.yText)" text-anchor="\#(anchor.rawValue)" class="\#(name)">"#
                + Self.escaped(text) + "</text>"
        )
    }

    /// Text that runs upwards, centred at a point.
    mutating func upwards(_ text: String, at point: Point, class name: String) {
        elements.append(
            #"<text transform="translate(\#(point.xText) \#(point.yText)) rotate(-90)" text-anchor="middle" "#
                + #"class="\#(name)">\#(Self.escaped(text))</text>"#
        )
    }

    /// The file.
    var document: String {
        """
        <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" \
        viewBox="0 0 \(width) \(height)" role="img">
        <title>\(Self.escaped(title))</title>
        <style>
        \(style)
        </style>
        \(elements.joined(separator: "\n"))
        </svg>

        """
    }

    struct Point {
        var x: Double
        var y: Double

        fileprivate var xText: String { SVG.text(x) }
        fileprivate var yText: String { SVG.text(y) }
    }

    enum Anchor: String {
        case start
        case middle
        case end
    }

    private static func text(_ number: Double) -> String { Figures.fixed(number, digits: 1) }

    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { escaped, character in
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            default: escaped.append(character)
            }
        }
    }
}
