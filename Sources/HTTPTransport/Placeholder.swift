package enum HTTPTransport { package static var libcurlVersion: String { "x" } }
