import Glibc

/// Why a measurement cannot go on.
package struct LoadFailure: Error, Equatable {
    package var what: String
    package var hint: String

    package init(_ what: String, hint: String) {
        self.what = what
        self.hint = hint
    }

    /// What the C library has just refused.
    static func refused(_ what: String, hint: String = "is the machine out of something?") -> LoadFailure {
        LoadFailure("\(what): \(String(cString: strerror(errno)))", hint: hint)
    }
}
