import Hummingbird

/// The paths of the service.
enum Route {
    static let assignment = "/api/assignment"
    static let sessions = "/api/sessions"
    static let stream = "/api/sse/sessions"
    static let reports = "/api/client-reports"
    static let faults = "/api/faults"
    static let login = "/api/login"
    static let logout = "/api/logout"

    /// How clients of a path get session data.
    static func transport(of path: String) -> Transport {
        switch path {
        case stream: .sse
        case sessions: .polling
        default: .none
        }
    }

    /// All routes of the service.
    static func router(_ workload: Workload) -> Router<ServiceContext> {
        let router = Router(context: ServiceContext.self)
        router.add(middleware: PathCheck())
        router.add(middleware: RequestAccounting(workload: workload))
        router.add(middleware: HostCheck(hosts: workload.rules.hosts))
        router.add(middleware: OriginCheck(origins: workload.rules.origins))
        router.add(middleware: CallerCheck(workload: workload))
        router.get("/api/assignment") { _, context in
            AssignmentRoute(workload: workload).answer(context)
        }
        router.get("/api/sessions") { request, _ in
            try await SessionsRoute(workload: workload).answer(request)
        }
        SessionRoutes(desk: workload.desk).add(to: router)
        router.get("/api/sse/sessions") { request, context in
            try StreamRoute(workload: workload).answer(request, context)
        }
        router.head("/api/sse/sessions") { request, context in
            try StreamRoute(workload: workload).answer(request, context)
        }
        router.post("/api/client-reports") { request, context in
            try await ReportsRoute(workload: workload).answer(request, context)
        }
        LoginRoutes(workload: workload).add(to: router)
        if let browser = workload.browser {
            let route = FoldersRoute(browser: browser)
            router.get("/api/folders") { request, _ in try await route.answer(request) }
        }
        if let faults = workload.faults {
            let route = FaultsRoute(faults: faults, store: workload.store)
            router.get("/api/faults") { _, _ in route.answer() }
            router.put("/api/faults") { request, _ in try await route.change(request) }
        }
        PageRoute().add(to: router)
        OperationRoutes(workload: workload).add(to: router)
        return router
    }
}

extension Response {
    /// An answer in JSON.
    static func json(_ value: some Encodable, cacheControl: String = "no-store") -> Response {
        Response(
            status: .ok,
            headers: [.contentType: "application/json", .cacheControl: cacheControl],
            body: ResponseBody(byteBuffer: ByteBuffer(string: WireJSON.text(of: value)))
        )
    }
}

extension Workload {
    /// Lets a request fail if it is its turn.
    func injectFault() throws(Problem) {
        guard faults?.strikesRequest() == true else { return }
        throw .injected
    }
}

extension Problem {
    static var injected: Problem { Problem(.internalServerError, "an injected fault") }
}
