import Glibc
import Testing
import TidegateTestKit

@testable import SessionService

@Suite("The desk for changes", .ownThreads, .timeLimit(.minutes(1)))
struct SessionDeskTests {
    @Test("never brings back a session that ends while a change of it is made up")
    func keepsTerminated() async throws {
        for _ in 0..<50 {
            let session = Session.made("a")
            let store = SessionStore.made(SessionLog(epoch: "e", sessions: [session]))
            let desk = SessionDesk(store: store)
            await withTaskGroup { tasks in
                tasks.addTask {
                    desk.change { sessions in
                        // Long enough for another thread to come between.
                        for _ in 0..<200 { sched_yield() }
                        return sessions.isEmpty ? .remove(id: session.id) : .upsert(session)
                    }
                }
                tasks.addTask { #expect(desk.remove(session.id)) }
            }
            #expect(store.list.isEmpty)
        }
    }
}
