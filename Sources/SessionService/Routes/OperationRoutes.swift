import Hummingbird

/// What those who run the service ask it.
struct OperationRoutes: Sendable {
    let workload: Workload

    func add(to router: Router<ServiceContext>) {
        router.get("/metrics") { _, _ in metrics() }
        router.get("/healthz") { _, _ in Self.plain(.ok, "ok\n") }
        router.get("/readyz") { _, _ in
            workload.isDraining ? Self.plain(.serviceUnavailable, "draining\n") : Self.plain(.ok, "ready\n")
        }
    }

    private func metrics() -> Response {
        Response(
            status: .ok,
            headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: workload.metricsPage()))
        )
    }

    private static func plain(_ status: HTTPResponse.Status, _ text: String) -> Response {
        Response(
            status: status,
            headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text))
        )
    }
}
