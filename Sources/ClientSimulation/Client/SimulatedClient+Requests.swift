import NIOCore
import NIOHTTP1

/// What a client asks over its kept connection.
extension SimulatedClient {
    /// Asks for the assignment; without an answer the one before stays for a while.
    func refreshAssignment() async {
        do throws(ClientFailure) {
            let answer = try await send(.GET, "/api/assignment")
            guard answer.status == 200 else { throw ClientFailure.answer(answer.status, answer.headers) }
            let assignment = try decoded(Assignment.self, from: answer.body.readableBytesView)
            self.assignment = assignment
            assignmentIsDue = .now + random.jittered(assignment.lifetime)
        } catch {
            guard !Task.isCancelled else { return }
            await failed(error, in: "assignment")
            assignmentIsDue = .now + nextAttempt(after: error)
        }
    }

    /// Asks for the list, unless it is still the one known.
    func poll(under assignment: Assignment) async {
        // A poll is never repeated early: that would double the load of a service in trouble.
        pollIsDue = .now + random.jittered(assignment.pollInterval)
        do throws(ClientFailure) {
            let condition = entityTag.map { [("If-None-Match", $0)] } ?? []
            let answer = try await send(.GET, "/api/sessions", headers: condition)
            switch answer.status {
            case 304 where entityTag != nil: break
            case 200:
                _ = try decoded(SessionList.self, from: answer.body.readableBytesView)
                entityTag = answer.headers.first(name: "etag")
            default: throw ClientFailure.answer(answer.status, answer.headers)
            }
        } catch {
            pollIsDue = max(pollIsDue, .now + error.retryAfter)
            await failed(error, in: "poll")
        }
    }

    /// Notes a failure and tells the service about it, now or as soon as it can be reached.
    func failed(_ failure: ClientFailure, in action: String) async {
        guard !Task.isCancelled else { return }
        note(failure, in: action)
        owesReport = true
        await settleReport()
    }

    func hangUp() {
        connection?.close()
        connection = nil
    }

    private func settleReport() async {
        guard owesReport else { return }
        do throws(ClientFailure) {
            let answer = try await exchange(.POST, "/api/client-reports", body: #"{"failed":true}"#)
            // What the service refuses it would refuse again.
            owesReport = false
            guard (200..<300).contains(answer.status) else { throw ClientFailure.status(answer.status) }
        } catch {
            note(error, in: "report")
        }
    }

    private func send(
        _ method: HTTPMethod,
        _ path: String,
        headers: [(String, String)] = []
    ) async throws(ClientFailure) -> HTTPAnswer {
        let answer = try await exchange(method, path, headers: headers)
        await settleReport()
        return answer
    }

    /// Sends a request on the kept connection, or on a new one where that has been closed meanwhile.
    private func exchange(
        _ method: HTTPMethod,
        _ path: String,
        headers: [(String, String)] = [],
        body: String? = nil
    ) async throws(ClientFailure) -> HTTPAnswer {
        let path = path + "?client=" + id
        let headers = headers + forwarding
        if let connection, connection.isOpen {
            do {
                return try await connection.send(method, path, headers: headers, body: body)
            } catch .connection where !Task.isCancelled {
                // The server may close an idle connection just as it is used again.
            }
        }
        let fresh = try await service.connect()
        connection = fresh
        return try await fresh.send(method, path, headers: headers, body: body)
    }
}
