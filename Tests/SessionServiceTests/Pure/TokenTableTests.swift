import FoundationEssentials
import SessionService
import Testing

@Suite("A file of tokens")
struct TokenTableTests {
    /// The SHA-256 of `secret` and `other`, as `sha256sum` prints them.
    static let secret = "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b"
    static let other = "d9298a10d1b0735837dc4bd85dac641b0f3cef27a47e5d53a54f2f3f5b2fcffa"

    private static let now = Date(timeIntervalSince1970: 1_800_000_000)

    @Test("says whose token it is, and until when")
    func reads() throws {
        let text = """
            # who          what
            ops \(Self.secret)   # no end
            \tci-runner@example.org\t\(Self.other.uppercased()) 2027-02-01T00:00:00Z\r

            """
        let table = try TokenTable(parsing: text)
        let ends = Date(timeIntervalSince1970: 1_801_440_000)
        #expect(table.standing(of: "secret", at: Self.now) == .login(Login(subject: "ops")))
        let runner = Login(subject: "ci-runner@example.org", ends: ends)
        #expect(table.standing(of: "other", at: Self.now) == .login(runner))
        #expect(table.standing(of: "other", at: ends) == .ended)
        for token in ["", "Secret", "secret ", Self.secret] {
            #expect(table.standing(of: token, at: Self.now) == .wrong, "\(token)")
        }
        #expect(table.knows("ops") && !table.knows("op"))
    }

    @Test(
        "says where it is wrong",
        arguments: [
            ("", 1, 1), ("# nobody\n", 1, 1), ("ops", 1, 4), ("ops 12ab", 1, 5),
            ("ops \(secret)\n  o/p \(other)", 2, 3), ("ops \(secret) tomorrow", 1, 70),
            ("ops \(secret) 2027-02-01T00:00:00Z x", 1, 91), ("a \(secret)\n\nb \(secret)", 3, 1),
            ("ops \(secret.dropLast())g", 1, 5),
        ]
    )
    func refuses(text: String, line: Int, column: Int) throws {
        let flaw = #expect(throws: TokenTable.Flaw.self) { try TokenTable(parsing: text) }
        #expect(flaw?.line == line && flaw?.column == column, "\(flaw as Any)")
    }
}

@Suite("Tickets for streams")
struct TicketTests {
    private static let now = Date(timeIntervalSince1970: 1_800_000_000)
    private static let standing = Standing.login(Login(subject: "ops"))

    @Test("are worth a login once")
    func once() throws {
        var tickets = Tickets()
        let issued = tickets.issue(Self.standing, at: Self.now)
        let ticket = try #require(issued)
        #expect(tickets.redeem("\(ticket)x", at: Self.now) == .wrong)
        #expect(tickets.redeem(ticket, at: Self.now + 29) == Self.standing)
        #expect(tickets.redeem(ticket, at: Self.now + 29) == .wrong)
    }

    @Test("are worth nothing later, nor after the login")
    func ends() throws {
        var tickets = Tickets()
        let first = tickets.issue(Self.standing, at: Self.now)
        let late = try #require(first)
        #expect(tickets.redeem(late, at: Self.now + 30) == .ended)
        let login = Standing.login(Login(subject: "ops", ends: Self.now + 10))
        let second = tickets.issue(login, at: Self.now)
        let short = try #require(second)
        #expect(tickets.redeem(short, at: Self.now + 10) == .ended)
    }

    @Test("are not kept without end")
    func isBounded() {
        var tickets = Tickets(capacity: 2)
        #expect(tickets.issue(Self.standing, at: Self.now) != nil)
        #expect(tickets.issue(Self.standing, at: Self.now) != nil)
        #expect(tickets.issue(Self.standing, at: Self.now + 29) == nil)
        #expect(tickets.issue(Self.standing, at: Self.now + 30) != nil)
    }
}
