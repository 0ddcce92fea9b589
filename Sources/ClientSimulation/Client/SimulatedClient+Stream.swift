/// What a client does with its stream.
extension SimulatedClient {
    /// Why a stream is left without anything being wrong.
    private enum Departure: Sendable {
        case asked(StreamProgress.Request)
        /// The assignment says polling now.
        case reassigned
    }

    /// Opens a stream and reads it until it ends, fails, or is not for this client any more.
    func stream(under assignment: Assignment) async {
        let opened = ContinuousClock.now
        let outcome = await outcome(of: assignment)
        guard !Task.isCancelled else { return }
        if .now - opened >= timings.stable { provedStable() }
        switch outcome {
        case .success(let departure):
            leave(departure, under: assignment)
        case .failure(.status(204)):
            // Not an error: the client is outside the flag now.
            streamIsDue = .now + nextBackoff()
            assignmentIsDue = streamIsDue
        case .failure(let failure):
            streamIsDue = .now + nextAttempt(after: failure)
            await failed(failure, in: "stream")
            // Before the next attempt, however soon that is: attempts alone show no list.
            await pollIfDue(under: assignment)
        }
    }

    private func outcome(of assignment: Assignment) async -> Result<Departure, ClientFailure> {
        do {
            let cursor = progress.cursor.map { "&last_event_id=\($0)" } ?? ""
            let events = try await service.events(
                of: "/api/sse/sessions?client=" + id + cursor,
                headers: forwarding,
                patience: assignment.heartbeat * 2.5
            )
            // A stream needs no second connection beside it most of the time.
            hangUp()
            return .success(try await firstDeparture(from: events))
        } catch {
            return .failure(error as? ClientFailure ?? .connection("\(error)"))
        }
    }

    private func leave(_ departure: Departure, under assignment: Assignment) {
        // The list was up to date a moment ago.
        pollIsDue = .now + random.jittered(assignment.pollInterval)
        switch departure {
        case .asked(.reconnect(let wait)):
            streamIsDue = .now + wait
        case .asked(.reassign(let wait)):
            streamIsDue = .now + wait
            assignmentIsDue = streamIsDue
        case .reassigned:
            streamIsDue = .now
        }
    }

    private func firstDeparture(from events: EventStreamHandler.Events) async throws -> Departure {
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { [progress] in try await self.read(events, after: progress) }
            tasks.addTask { try await self.awaitReassignment() }
            defer { tasks.cancelAll() }
            guard let first = try await tasks.next() else { throw ClientFailure.ended }
            return first
        }
    }

    /// Reads until the service asks for something or the stream ends, and keeps where that was.
    private nonisolated func read(
        _ events: EventStreamHandler.Events,
        after known: StreamProgress
    ) async throws -> Departure {
        var progress = known
        do {
            for try await event in events {
                guard let request = try progress.follow(event) else { continue }
                await keep(progress)
                return .asked(request)
            }
            throw ClientFailure.ended
        } catch {
            await keep(Self.isGarbled(error) ? StreamProgress() : progress)
            throw error
        }
    }

    private func keep(_ progress: StreamProgress) { self.progress = progress }

    /// Whether what the stream said cannot be built upon; then only the whole list helps.
    private static func isGarbled(_ error: any Error) -> Bool {
        switch error as? ClientFailure {
        case .malformed, .outOfOrder: true
        default: false
        }
    }

    /// Asks for the assignment whenever that is due, until it is no longer a stream.
    private func awaitReassignment() async throws -> Departure {
        while true {
            try await Task.sleep(until: assignmentIsDue, clock: .continuous)
            await refreshAssignment()
            hangUp()
            if assignment?.mode != .sse { return .reassigned }
        }
    }
}
