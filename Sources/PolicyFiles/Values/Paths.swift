extension Value {
    /// The path of a file, made absolute: what is relative begins at `folder`, the policy file's own.
    ///
    /// Not at the working directory, because cron's is another one than the shell's.
    func filePath(in folder: String) -> String? {
        guard let text = line("the path of a file") else { return nil }
        guard !text.hasPrefix("~") else {
            return fail("tilde", "'~' is not expanded here", hint: "write '${HOME}' or the whole path")
        }
        guard !text.hasSuffix("/"), !text.hasSuffix("/."), !text.hasSuffix("/.."), text != ".", text != ".."
        else {
            return fail("not-a-file", "'\(text)' names a directory", hint: "add the file's name")
        }
        return PolicyPath.absolute(text, in: folder)
    }
}

/// Paths as texts: nothing here looks at the disk.
enum PolicyPath {
    /// An absolute path without `.`, `..` and doubled slashes.
    static func absolute(_ path: String, in folder: String) -> String {
        let whole = path.hasPrefix("/") ? path : "\(folder)/\(path)"
        var parts: [Substring] = []
        for part in whole.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return "/" + parts.joined(separator: "/")
    }

    /// The folder a file lies in; `.` for a bare name.
    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
