/// One request, as a value.
package struct HTTPRequest: Sendable, Equatable {
    package var method: HTTPMethod
    /// Absolute, http or https.
    package var url: String
    package var headers: [HTTPHeader]
    package var body: [UInt8]

    package init(
        method: HTTPMethod = .get,
        url: String,
        headers: [HTTPHeader] = [],
        body: [UInt8] = []
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }
}

package enum HTTPMethod: String, Sendable, Equatable, CaseIterable {
    case get = "GET"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"
}

package struct HTTPHeader: Sendable, Equatable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// What a server answered, whatever the status; redirects are answers like any other.
package struct HTTPResponse: Sendable, Equatable {
    package var status: Int
    /// In the order received, names as the server wrote them.
    package var headers: [HTTPHeader]
    /// Decompressed.
    package var body: [UInt8]
    /// When the answer began to arrive.
    package var receivedAt: ContinuousClock.Instant

    package init(
        status: Int,
        headers: [HTTPHeader] = [],
        body: [UInt8] = [],
        receivedAt: ContinuousClock.Instant = .now
    ) {
        self.status = status
        self.headers = headers
        self.body = body
        self.receivedAt = receivedAt
    }

    /// The value of the first header with a name, in any case; nil when there is none.
    package func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}
