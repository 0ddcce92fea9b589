import Testing

@Suite("The house")
struct HouseTests {
    @Test("imports nothing but what the map allows")
    func importsFollowMap() throws {
        let files = try SourceFile.allSources()
        #expect(files.count > 20, "the sources were not found")
        #expect(ImportMap.house.trespasses(in: files) == [])
    }

    @Test("has exactly the rooms of the map")
    func roomsFollowMap() throws {
        #expect(try SourceFile.allRooms() == Set(ImportMap.house.rooms.keys))
    }
}

@Suite("The import map")
struct ImportMapTests {
    private func trespasses(of room: String, _ name: String = "File.swift", importing line: String)
        -> [String]
    {
        let file = SourceFile(room: room, path: "Folder/\(name)", text: "import Assignment\n\(line)\n")
        return ImportMap.house.trespasses(in: [file]).map(\.module)
    }

    @Test(
        "catches a wrong import in any dress",
        arguments: [
            "import Yams", "package import Yams", "@preconcurrency import Yams", "import struct Yams.Node",
            "  import Yams", "import Yams.Parser", "@_exported public import Yams",
            "@testable import Yams // why",
            "@_spi(Inside) import Yams", "import\tYams", "import Assignment; import Yams", "import Yams;",
        ]
    )
    func catchesWrongImport(line: String) {
        #expect(trespasses(of: "Rollout", importing: line) == ["Yams"])
    }

    @Test(
        "is not misled by what is no import",
        arguments: [
            "// import Yams", "/// import Yams", "let text = \"import Yams\"", "important(Yams)",
            "imports Yams",
        ]
    )
    func ignoresOtherLines(line: String) {
        #expect(trespasses(of: "Rollout", importing: line) == [])
    }

    @Test("allows what a room's row has")
    func allowsRow() {
        #expect(trespasses(of: "PolicyFiles", importing: "import Yams") == [])
        #expect(trespasses(of: "Commands", importing: "package import ArgumentParser") == [])
    }

    @Test("lets the wiring alone name concrete adapters", arguments: ImportMap.adapters.sorted())
    func keepsAdaptersInWiring(adapter: String) {
        #expect(trespasses(of: "Commands", "Wiring.swift", importing: "import \(adapter)") == [])
        #expect(trespasses(of: "Commands", "StepCommand.swift", importing: "import \(adapter)") == [adapter])
    }

    @Test("lets no adapter know another")
    func keepsAdaptersApart() throws {
        for adapter in ImportMap.adapters {
            let row = try #require(ImportMap.house.rooms[adapter])
            #expect(row.onlyIn.isEmpty && row.inOneFile.isEmpty)
            #expect(row.anywhere.isDisjoint(with: ImportMap.adapters), "\(adapter)")
        }
    }

    @Test(
        "keeps Foundation, its networking and every library out of the pure rooms",
        arguments: ImportMap.pure.sorted()
    )
    func keepsPureRoomsPure(room: String) throws {
        let row = try #require(ImportMap.house.rooms[room])
        #expect(row.anywhere.isSubset(of: ImportMap.pure))
        #expect(row.inOneFile.isSubset(of: ["Glibc"]))
        for module in [
            "Foundation", "FoundationEssentials", "FoundationNetworking", "Dispatch", "Synchronization",
        ] {
            #expect(trespasses(of: room, importing: "import \(module)").contains(module))
        }
    }

    @Test("lets no room have full Foundation", arguments: ImportMap.house.rooms.keys.sorted())
    func keepsFoundationOut(room: String) {
        #expect(trespasses(of: room, importing: "import Foundation").contains("Foundation"))
        #expect(
            trespasses(of: room, importing: "import FoundationNetworking").contains("FoundationNetworking")
        )
    }

    @Test("gives the C library to one file of the core and no second")
    func keepsCLibraryInOneFile() {
        let files = ["Bounds.swift", "Sums.swift"].map {
            SourceFile(room: "Analysis", path: $0, text: "import Glibc")
        }
        #expect(ImportMap.house.trespasses(in: [files[0]]) == [])
        #expect(ImportMap.house.trespasses(in: files).map(\.file.path) == ["Sums.swift"])
    }

    @Test("objects to a room it does not have")
    func objectsToUnknownRoom() {
        #expect(trespasses(of: "Helpers", importing: "") == ["Assignment"])
    }

    @Test("has no circle of rooms")
    func hasNoCircle() {
        var open = ImportMap.house.rooms.mapValues { room in
            room.onlyIn.values.reduce(room.anywhere.union(room.inOneFile)) { $0.union($1) }
        }
        while let free = open.first(where: { $0.value.isDisjoint(with: open.keys) })?.key {
            open[free] = nil
        }
        #expect(open.isEmpty, "\(open.keys.sorted()) go round in a circle")
    }
}
