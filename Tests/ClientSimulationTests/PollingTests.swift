import ClientSimulation
import NIOHTTP1
import Testing
import TidegateTestKit

@Suite("A polling client", .ownThreads)
struct PollingTests {
    private static let assignment = Wire.assignment("polling", pollMs: 20)

    @Test("asks for its assignment first, then polls on one connection with the tag it was given")
    func polls() async throws {
        try await simulate { request in
            if request.path == "/api/assignment" { return Self.assignment }
            return request.headers.contains(name: "if-none-match") ? .status(304) : Wire.list
        } _: { service in
            try await eventually("four polls") { service.count(of: "/api/sessions") >= 4 }
            let requests = service.requests
            #expect(requests.first?.path == "/api/assignment")
            #expect(requests.filter { $0.path == "/api/assignment" }.count == 1)
            #expect(Set(requests.map(\.client)) == ["client-00001"])
            #expect(Set(requests.map(\.connection)) == [0])
            let tags = service.requests(for: "/api/sessions").map { $0.headers["if-none-match"] }
            #expect(tags.first == [])
            #expect(tags.dropFirst().allSatisfy { $0 == [#""7f3a-41""#] })
            #expect(service.requests(for: "/api/client-reports").isEmpty)
        }
    }

    @Test("asks for its assignment again when that has expired")
    func refreshes() async throws {
        try await simulate { request in
            request.path == "/api/assignment" ? Wire.assignment("polling", ttlMs: 20) : Wire.list
        } _: { service in
            try await eventually("three assignments") { service.count(of: "/api/assignment") >= 3 }
        }
    }

    @Test("reports what fails and goes on", arguments: [500, 503, 429, 404, 304, 200] as [UInt])
    func reports(status: UInt) async throws {
        try await simulate { request in
            switch request.path {
            case "/api/assignment": Self.assignment
            case "/api/sessions": status == 200 ? .json("<html>") : .status(status)
            default: .status(204)
            }
        } _: { service in
            try await eventually("two reports") { service.count(of: "/api/client-reports") >= 2 }
            let report = try #require(service.requests(for: "/api/client-reports").first)
            #expect(report.method == .POST && report.client == "client-00001")
            #expect(report.body == #"{"failed":true}"#)
        }
    }

    @Test("waits as long as it is told to", arguments: [429, 503] as [UInt])
    func waits(status: UInt) async throws {
        try await simulate { request in
            if request.path == "/api/client-reports" { return .status(204) }
            // Each of them is refused once.
            if request.earlier == 0 { return .refusal(status, retryAfter: 1) }
            return request.path == "/api/assignment" ? Self.assignment : Wire.list
        } _: { service in
            try await eventually("polls") { service.count(of: "/api/sessions") >= 2 }
            for path in ["/api/assignment", "/api/sessions"] {
                let times = service.requests(for: path).map(\.time)
                #expect(times[1] - times[0] >= .seconds(1), "\(path)")
            }
            #expect(service.count(of: "/api/client-reports") == 2)
        }
    }

    @Test("owes the report until the service can be reached")
    func reportsLater() async throws {
        try await simulate { request in
            // Whatever comes on the first two connections is not answered.
            if request.connection < 2 { return .hangUp }
            switch request.path {
            case "/api/assignment": return Self.assignment
            case "/api/sessions": return Wire.list
            default: return .status(204)
            }
        } _: { service in
            try await eventually("polls") { service.count(of: "/api/sessions") >= 3 }
            let reports = service.requests(for: "/api/client-reports").map(\.connection)
            #expect(reports.filter { $0 >= 2 }.count == 1, "\(reports)")
        }
    }

    @Test("does not mind that an idle connection was closed")
    func reconnects() async throws {
        try await simulate { request in
            request.path == "/api/assignment" ? Self.assignment : Wire.list
        } _: { service in
            for round in 1...3 {
                let polls = service.count(of: "/api/sessions")
                try await eventually("a poll in round \(round)") {
                    service.count(of: "/api/sessions") > polls
                }
                service.closeConnections()
            }
            let polls = service.count(of: "/api/sessions")
            try await eventually("another poll") { service.count(of: "/api/sessions") > polls }
            #expect(service.count(of: "/api/assignment") == 1)
        }
    }

    @Test("asks again when a used connection breaks under its question")
    func asksAgain() async throws {
        try await simulate { request in
            if request.isOnUsedConnection { return .hangUp }
            return request.path == "/api/assignment" ? Self.assignment : Wire.list
        } _: { service in
            try await eventually("polls") { service.count(of: "/api/sessions") >= 6 }
            #expect(service.requests(for: "/api/client-reports").isEmpty)
        }
    }

    @Test("is one of many, each by its own name")
    func many() async throws {
        let names = (1...300).map { "client-" + String("0000\($0)".suffix(5)) }
        try await simulate(clients: 300) { request in
            request.path == "/api/assignment" ? Wire.assignment("polling", pollMs: 1_000) : Wire.list
        } _: { service in
            try await eventually("everybody has polled twice") {
                let polls = service.requests(for: "/api/sessions")
                return Dictionary(grouping: polls, by: \.client).filter { $0.value.count >= 2 }.count == 300
            }
            #expect(Set(service.requests.map(\.client)) == Set(names))
            let addresses = Set(service.requests.map { $0.headers["x-forwarded-for"] })
            #expect(addresses.count == 300 && addresses.contains(["10.0.1.44"]))
            #expect(service.openConnections == 300)
            #expect(service.requests(for: "/api/client-reports").isEmpty)
        }
    }
}
