import Hummingbird

/// Decides every answer in a task that ends with it.
///
/// A connection's own task lives as long as the connection, and keeps the stack of the deepest call it ever made:
/// some kilobytes for the checks before a route, times thousands of streams.
struct ShortTask<Base: HTTPResponder>: HTTPResponder where Base.Context: Sendable {
    typealias Context = Base.Context

    let base: Base

    func respond(to request: Request, context: Context) async throws -> Response {
        let task = Task { try await base.respond(to: request, context: context) }
        return try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            task.cancel()
        }
    }
}
