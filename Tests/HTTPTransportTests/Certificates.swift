import TidegateTestKit

/// Certificates made for one run of the tests.
struct Certificates: Sendable {
    var authority: String
    /// Signed nothing here.
    var otherAuthority: String
    /// For 127.0.0.1, not for localhost.
    var server: (certificate: String, key: String)
    var client: (certificate: String, key: String)

    /// The same for all tests: making keys takes a while.
    static let shared = Result { try Certificates() }

    private init() throws {
        let directory = try RunningProgram.makeDirectory()
        defer { _ = try? ProgramLaunch.run(["rm", "-rf", directory], in: "/tmp") }
        func openssl(_ arguments: String) throws {
            try ProgramLaunch.run(
                ["openssl"] + arguments.split(separator: " ").map(String.init),
                in: directory
            )
        }
        func signed(_ name: String, _ address: String) throws -> (certificate: String, key: String) {
            let key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout \(name).key"
            try TextFile.write("subjectAltName=\(address)\n", to: "\(directory)/\(name).ext")
            try openssl("req \(key) -out \(name).csr -subj /CN=\(name)")
            let authority = "-CA authority.pem -CAkey authority.key -CAcreateserial"
            try openssl(
                "x509 -req -in \(name).csr -out \(name).pem -days 2 \(authority) -extfile \(name).ext"
            )
            return (TextFile.read("\(directory)/\(name).pem"), TextFile.read("\(directory)/\(name).key"))
        }
        for name in ["authority", "other"] {
            let key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout \(name).key"
            try openssl("req -x509 \(key) -out \(name).pem -days 2 -subj /CN=\(name)")
        }
        authority = TextFile.read("\(directory)/authority.pem")
        otherAuthority = TextFile.read("\(directory)/other.pem")
        server = try signed("server", "IP:127.0.0.1")
        client = try signed("client", "DNS:client.example")
    }
}
