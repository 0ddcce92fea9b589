import Hummingbird

/// `POST /api/sessions`, and `PATCH` and `DELETE` of `/api/sessions/{id}`: what changes the list.
struct SessionRoutes: Sendable {
    let desk: SessionDesk

    static let idParameter = "id"

    func add(to router: Router<ServiceContext>) {
        router.post("/api/sessions") { request, _ in try await create(request) }
        router.patch("/api/sessions/{id}") { request, context in try await change(request, context) }
        router.delete("/api/sessions/{id}") { _, context in try remove(context) }
    }

    private func create(_ request: Request) async throws -> Response {
        let proposal = try await RequestObject.read(
            SessionProposal.self,
            members: SessionProposal.members,
            of: request
        )
        let name = try proposal.checkedName()
        do throws(SessionDesk.Full) {
            let session = try desk.create(name: name, command: proposal.command, folder: proposal.folder)
            var response = Response.json(session)
            response.status = .created
            response.headers[.location] = "\(Route.sessions)/\(session.id)"
            return response
        } catch {
            throw Problem(
                .conflict,
                "the list is as long as it may be: \(SessionDesk.capacity) sessions, or "
                    + "\(SessionDesk.listBytes / 1_024) KB; terminate one first"
            )
        }
    }

    private func change(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let amendment = try await RequestObject.read(
            SessionAmendment.self,
            members: SessionAmendment.members,
            of: request
        )
        try amendment.check()
        let session = try desk.change(id(context)) { session in
            session.name = amendment.name ?? session.name
            session.status = amendment.status ?? session.status
        }
        guard let session else { throw Self.unknown }
        return .json(session)
    }

    private func remove(_ context: ServiceContext) throws(Problem) -> Response {
        guard try desk.remove(id(context)) else { throw Self.unknown }
        return Response(status: .noContent, headers: [.cacheControl: "no-store"])
    }

    private func id(_ context: ServiceContext) throws(Problem) -> String {
        guard let id = context.parameters.get(Self.idParameter) else { throw Self.unknown }
        return id
    }

    private static let unknown = Problem(.notFound, "there is no session of this id; it may have ended")
}
