import TidegateTestKit

/// A text of 0…12 scalars of one to four UTF-8 bytes.
func randomText(using random: inout SeededGenerator) -> String {
    randomText(scalars: Int.random(in: 0...12, using: &random), using: &random)
}

/// A text of so many scalars of one to four UTF-8 bytes.
func randomText(scalars count: Int, using random: inout SeededGenerator) -> String {
    let alphabet: [Unicode.Scalar] = ["a", "7", "-", "\u{0}", "é", "ж", "߿", "ࠀ", "한", "\u{fffd}", "🏁", "𐍈"]
    var text = String.UnicodeScalarView()
    for _ in 0..<count {
        text.append(alphabet[Int.random(in: alphabet.indices, using: &random)])
    }
    return String(text)
}
