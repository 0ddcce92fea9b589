import Glibc
import PolicyFiles
import Rollout
import Testing
import TidegateTestKit

@testable import Commands

@Suite("The policy file of a run")
struct PolicyTickTests {
    private let wiring = Wiring(environment: [:])
    private let state: StateOption = {
        var option = StateOption()
        option.path = nil
        return option
    }()

    private func tick(_ site: Site) throws -> PolicyTick {
        try PolicyTick(wiring.subject(site.policyPath, state: state), named: site.policyPath)
    }

    @Test("is read anew each time")
    func changes() throws {
        var site = try Site(metrics: "http://127.0.0.1:9")
        let first = try tick(site)
        try site.changePolicy { $0.interval = "30s" }
        let next = first.again(under: site.policyPath, state, in: wiring)
        #expect(next.fault == nil)
        #expect(next.loaded?.policy.interval == .seconds(30))
        #expect(next.loaded?.digest != first.loaded?.digest)
    }

    @Test("leaves the rollout guarded when it is broken, gone, or about another rollout")
    func breaks() throws {
        var site = try Site(metrics: "http://127.0.0.1:9")
        let first = try tick(site)
        func again() -> PolicyTick { first.again(under: site.policyPath, state, in: wiring) }
        try site.writePolicy(site.policy.text.replacing("ceiling", with: "ceilng"))
        #expect(again().fault?.lines.contains { $0.contains("ceilng") } == true)
        try site.changePolicy { $0.flag = "search" }
        #expect(again().fault?.message.contains("another flag") == true)
        unlink(site.policyPath)
        #expect(again().fault?.message.contains(site.policyPath) == true)
        #expect(again().loaded == nil)
        #expect(again().flag == "sse")
        #expect(again().store == first.store)
        try site.changePolicy { $0.flag = "sse" }
        #expect(again().fault == nil)
    }
}
