import Glibc
import Rollout
import Stepping
import Testing
import TidegateTestKit

@testable import StateStores

@Suite("Where the state cannot be used, the program")
struct DamagedPlacesTests {
    /// What is wrong with the state, and what the program must say to it.
    struct Damage: Sendable, CustomTestStringConvertible {
        var name: String
        var status: Int32
        var words: String
        var inflict: @Sendable (Site) throws -> Void
        /// How invocations are wrapped while it lasts.
        var wrapper: [String] = []

        var testDescription: String { name }

        static let all = [
            Damage(name: "a torn header", status: 74, words: "tidegate.sqlite") { site in
                try site.overwriteDatabase { Array("this is no database at all".utf8) + $0.dropFirst(26) }
            },
            Damage(name: "flipped bits", status: 74, words: "tidegate.sqlite") { site in
                try site.overwriteDatabase { bytes in
                    bytes.enumerated().map { $0.offset > 4_096 ? ~$0.element : $0.element }
                }
            },
            Damage(name: "half of it missing", status: 74, words: "tidegate.sqlite") { site in
                try site.overwriteDatabase { Array($0.prefix($0.count / 2)) }
            },
            Damage(name: "a newer schema", status: 69, words: "newer version") { site in
                let migrations = Schema.current.migrations + ["CREATE TABLE future (id INTEGER)"]
                try SQLiteStateStore(
                    path: site.database,
                    busyTimeout: .seconds(5),
                    pageLimit: nil,
                    schema: Schema(migrations: migrations)
                ).close()
            },
        ]
    }

    @Test("says so, holds, still rolls back, and loses nothing", arguments: Damage.all)
    func damaged(damage: Damage) throws {
        let site = try Site()
        try site.start()
        try site.pass(.seconds(60))
        let sound = try FileContents.read(site.database)
        let state = try site.state
        try damage.inflict(site)
        let damaged = try FileContents.read(site.database)

        for verb in ["step", "status", "plan", "pause", "start", "history"] {
            let outcome = try site.run(verb)
            #expect(outcome.status == damage.status, "\(verb): \(outcome)")
            #expect(outcome.errors.hasPrefix("error: "), "\(verb): \(outcome)")
            #expect(outcome.errors.contains(damage.words), "\(verb): \(outcome)")
            #expect(outcome.errors.contains("\nhint: "), "\(verb): \(outcome)")
            #expect(try site.exposure == 10, "\(verb)")
        }
        try expectRollback(site, status: damage.status)
        #expect(try FileContents.read(site.database) == damaged)

        try site.overwriteDatabase { _ in sound }
        #expect(try site.state == state)
        try expectLatched(site)
    }

    @Test("on a full disk, holds, still rolls back, and loses nothing", .enabled(if: SmallDisk.isPermitted))
    func fullDisk() throws {
        let site = try Site()
        let disk = try SmallDisk(at: site.directory.path("state"))
        defer { disk.unmount() }
        try site.start()
        try site.pass(.seconds(60))
        let state = try site.state
        try disk.fill()

        let step = try site.run("step")
        #expect(step.status == 74, "\(step)")
        #expect(step.errors.contains("error: "), "\(step)")
        #expect(step.errors.contains("hint: "), "\(step)")
        #expect(try site.exposure == 10)
        try expectRollback(site, status: 74)

        try disk.empty()
        #expect(try site.state == state)
        try expectLatched(site)
    }

    @Test("with a limit on file sizes, holds, still rolls back, and loses nothing")
    func limitedSize() throws {
        let site = try Site()
        try site.start()
        try site.pass(.seconds(60))
        let state = try site.state
        // Room for a flag file, none for a page of a database.
        let limit = TidegateCommand.shell("trap '' XFSZ; ulimit -f 4")
        var step = site.command("step")
        step.wrapper = limit
        let held = try step.run()
        #expect(held.status == 74, "\(held)")
        #expect(held.errors.contains("error: ") && held.errors.contains("hint: "), "\(held)")
        #expect(try site.exposure == 10)
        try expectRollback(site, status: 74, wrapper: limit)
        #expect(try site.state == state)
        try expectLatched(site)
    }

    @Test(
        "in a directory it may only read, holds, still rolls back, and loses nothing",
        .enabled(if: ReadOnlyPlace.isPossible)
    )
    func readOnlyState() throws {
        let site = try Site()
        try site.start()
        try site.pass(.seconds(60))
        let state = try site.state
        let locked = try ReadOnlyPlace(site.directory.path("state"))
        defer { locked.release() }

        let step = try site.run("step")
        #expect([74, 77].contains(step.status), "\(step)")
        #expect(step.errors.contains("error: ") && step.errors.contains("hint: "), "\(step)")
        #expect(try site.exposure == 10)
        #expect(try site.report("status").phase == "progressing")
        try expectRollback(site, status: step.status ?? 0)

        locked.release()
        #expect(try site.state == state)
        try expectLatched(site)
    }

    @Test(
        "or where the flag file cannot be written, keeps the old one, says so, and goes on later",
        .enabled(if: ReadOnlyPlace.isPossible)
    )
    func readOnlyTarget() throws {
        let site = try Site()
        try site.start()
        let document = try FileContents.read(site.flagFile)
        let locked = try ReadOnlyPlace(site.directory.path("flags"))
        defer { locked.release() }
        try site.pass(.seconds(60))
        let step = try site.run("step")
        #expect([69, 77].contains(step.status), "\(step)")
        #expect(step.errors.contains("error: file:\(site.flagFile)"), "\(step)")
        #expect(try FileContents.read(site.flagFile) == document)

        let rollback = try site.run("rollback")
        #expect([69, 77].contains(rollback.status), "\(rollback)")
        #expect(try site.exposure == 10)
        locked.release()
        // Ordered, and carried out as soon as it can be.
        #expect(try site.run("step").status == 0)
        #expect(try site.published?.enabled == false)
        try site.expectAgreement()
    }

    /// A rollback with the policy file reaches the flag file although the state cannot be used.
    private func expectRollback(
        _ site: Site,
        status: Int32,
        wrapper: [String] = [],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        var command = site.command("rollback", ["--reason", "cannot see"])
        command.wrapper = wrapper
        let outcome = try command.run()
        #expect(outcome.status == status, "\(outcome)", sourceLocation: sourceLocation)
        #expect(outcome.errors.contains("error: "), "\(outcome)", sourceLocation: sourceLocation)
        let published = try site.published
        #expect(published?.enabled == false, "\(outcome)", sourceLocation: sourceLocation)
        #expect(published?.rollout?.percentage == 0, sourceLocation: sourceLocation)
    }

    /// Once the state can be used again, the next tick takes the disabled flag for what it is.
    private func expectLatched(_ site: Site, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let outcome = try site.run("step")
        #expect(outcome.status == 10, "\(outcome)", sourceLocation: sourceLocation)
        #expect(try site.state.phase.name == .rolledBack, sourceLocation: sourceLocation)
        #expect(try site.published?.enabled == false, sourceLocation: sourceLocation)
    }
}

extension Site {
    /// Replaces the bytes of the closed database.
    fileprivate func overwriteDatabase(_ change: ([UInt8]) -> [UInt8]) throws {
        try FileContents.write(change(FileContents.read(database)), to: database)
    }
}
