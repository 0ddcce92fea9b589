import Glibc
import SessionService
import Testing
import TidegateTestKit

@Suite("A folder that is browsed")
struct FolderBrowserTests {
    private let outside: TemporaryDirectory
    private let inside: TemporaryDirectory
    private let browser: FolderBrowser

    init() throws {
        outside = try TemporaryDirectory()
        inside = try TemporaryDirectory()
        try #require(mkdir(outside.path("secret"), 0o755) == 0)
        for name in ["a", "a/b", "a/c", "a/c/d", "ü ñ", ".hidden"] {
            try #require(mkdir(inside.path(name), 0o755) == 0)
        }
        try FileContents.write("text".utf8, to: inside.path("a/file"))
        try #require(symlink(outside.path, inside.path("out")) == 0)
        try #require(symlink("a", inside.path("in")) == 0)
        browser = try FolderBrowser(root: inside.path)
    }

    private func list(_ path: String) throws -> [String] {
        try browser.list(#require(FolderPath(path))).names
    }

    @Test("shows folders, and neither files nor links")
    func lists() throws {
        #expect(try list("") == [".hidden", "a", "ü ñ"])
        #expect(try list("a") == ["b", "c"])
        #expect(try list("a/c") == ["d"])
        #expect(try list("ü ñ").isEmpty)
        // A second look is as good as the first.
        #expect(try list("") == [".hidden", "a", "ü ñ"])
    }

    @Test("has no way out", arguments: ["out", "out/secret", "in", "a/file", "a/file/x", "nix", "a/nix/b"])
    func staysInside(path: String) throws {
        #expect(throws: FolderBrowser.Failure.missing) { try list(path) }
    }

    @Test(
        "takes no path that is absolute, leads up, or is none",
        arguments: ["/", "/etc", "..", "a/..", "a/../b", ".", "./a", "a//b", "a/", "a\0b", "a\nb", "/a"]
    )
    func refuses(path: String) {
        #expect(FolderPath(path) == nil)
    }

    @Test("knows the way up")
    func parents() throws {
        let path = try #require(FolderPath("a/b"))
        #expect(path.description == "a/b" && path.parent?.description == "a")
        #expect(path.parent?.parent?.description == "")
        #expect(path.parent?.parent?.parent == nil)
        #expect(FolderPath(String(repeating: "x", count: 256)) == nil)
        #expect(FolderPath(String(repeating: "x/", count: 2_048) + "x") == nil)
    }

    @Test("says so where it may not look")
    func forbidden() throws {
        try #require(chmod(inside.path("a/b"), 0) == 0)
        let outcome = Nobody.run { [browser] in
            FolderPath("a/b").map { path in Result { try browser.list(path) } }
        }
        #expect(throws: FolderBrowser.Failure.forbidden) { try outcome??.get() }
    }

    @Test("shows the first thousand of many")
    func truncates() throws {
        for number in 0..<1_001 {
            try #require(mkdir(inside.path("a/b/" + String("000\(number)".suffix(4))), 0o755) == 0)
        }
        let path = try #require(FolderPath("a/b"))
        let listing = try browser.list(path)
        #expect(listing.isTruncated && listing.names.count == 1_000)
        #expect(listing.names == listing.names.sorted())
        try #require(rmdir(inside.path("a/b/0500")) == 0)
        #expect(try !browser.list(path).isTruncated)
    }

    @Test("must be there")
    func mustExist() {
        #expect(throws: ServiceError.self) { try FolderBrowser(root: inside.path("nix")) }
        #expect(throws: ServiceError.self) { try FolderBrowser(root: inside.path("a/file")) }
    }
}
