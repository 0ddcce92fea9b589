import CCurl

/// One request under way: its libcurl handle and what has arrived so far.
///
/// Belongs to the one thread that runs its batch; libcurl holds an unowned pointer to it until it is freed.
final class Transfer {
    let handle: UnsafeMutableRawPointer
    private var headerList: UnsafeMutablePointer<curl_slist>?
    private let errorBuffer = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    private let settings: TransportSettings

    private var headers: [HTTPHeader] = []
    private var headerBytes = 0
    private var body: [UInt8] = []
    private var receivedAt: ContinuousClock.Instant?
    private var overflow: String?

    init(_ request: HTTPRequest, to url: HTTPURL, settings: TransportSettings) throws(TransportFailure) {
        guard let handle = curl_easy_init() else {
            throw TransportFailure(.other, message: "libcurl could not be started")
        }
        self.handle = handle
        self.settings = settings
        errorBuffer.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        try configureConnection(to: url)
        try configureTLS()
        try configureRequest(request)
        try configureReception()
    }

    deinit {
        curl_easy_cleanup(handle)
        curl_slist_free_all(headerList)
        errorBuffer.deallocate()
    }

    /// The time left when the transfer begins.
    func limit(to remaining: Duration) throws(TransportFailure) {
        let connect = min(remaining, settings.connectTimeout)
        try set(CURLOPT_TIMEOUT_MS, remaining.wholeMilliseconds)
        try set(CURLOPT_CONNECTTIMEOUT_MS, connect.wholeMilliseconds)
    }

    /// What became of the transfer after libcurl said it is done.
    func outcome(_ code: CURLcode) -> Result<HTTPResponse, TransportFailure> {
        if let overflow { return .failure(TransportFailure(.tooLarge, message: overflow)) }
        guard code == CURLE_OK else {
            let detail = String(cString: errorBuffer)
            return .failure(TransportFailure(curlCode: Int(code.rawValue), detail: detail))
        }
        var status = 0
        tidegate_curl_get_long(handle, CURLINFO_RESPONSE_CODE, &status)
        return .success(
            HTTPResponse(status: status, headers: headers, body: body, receivedAt: receivedAt ?? .now)
        )
    }
}

// MARK: - Receiving, called back by libcurl

extension Transfer {
    /// Takes a piece of the body, decompressed; false stops the transfer.
    private func receive(body piece: UnsafeRawBufferPointer) -> Bool {
        guard body.count + piece.count <= settings.maximumBodyBytes else {
            overflow = "the answer is larger than \(settings.maximumBodyBytes) bytes"
            return false
        }
        body.append(contentsOf: piece)
        return true
    }

    /// Takes one header line; false stops the transfer.
    private func receive(header line: UnsafeRawBufferPointer) -> Bool {
        headerBytes += line.count
        guard headerBytes <= settings.maximumHeaderBytes else {
            overflow = "the answer's headers are larger than \(settings.maximumHeaderBytes) bytes"
            return false
        }
        let text = String(decoding: line, as: UTF8.self)
        if text.hasPrefix("HTTP/") {
            // A new status line: what came before belonged to an interim answer or to a proxy.
            headers = []
            receivedAt = .now
        } else if let colon = text.firstIndex(of: ":") {
            let value = text[text.index(after: colon)...].drop(while: \.isWhitespace)
            let end = value.lastIndex { !$0.isWhitespace }.map { value.index(after: $0) } ?? value.startIndex
            headers.append(HTTPHeader(String(text[..<colon]), String(value[..<end])))
        }
        return true
    }

    private func configureReception() throws(TransportFailure) {
        let context = Unmanaged.passUnretained(self).toOpaque()
        try check(tidegate_curl_set_pointer(handle, CURLOPT_WRITEDATA, context))
        try check(
            tidegate_curl_set_data_function(handle, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
                guard let context else { return 0 }
                let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
                let piece = UnsafeRawBufferPointer(start: bytes, count: size * count)
                // Any other count than that received makes libcurl stop with code 23.
                return transfer.receive(body: piece) ? piece.count : piece.count + 1
            }
        )
        try check(tidegate_curl_set_pointer(handle, CURLOPT_HEADERDATA, context))
        try check(
            tidegate_curl_set_data_function(handle, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
                guard let context else { return 0 }
                let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
                let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
                return transfer.receive(header: line) ? line.count : line.count + 1
            }
        )
        try check(tidegate_curl_set_pointer(handle, CURLOPT_ERRORBUFFER, errorBuffer))
    }
}

// MARK: - Options

extension Transfer {
    private func configureConnection(to url: HTTPURL) throws(TransportFailure) {
        try set(CURLOPT_NOSIGNAL, 1)
        try set(CURLOPT_PROTOCOLS_STR, "http,https")
        try set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https")
        try set(CURLOPT_FOLLOWLOCATION, 0)
        try set(CURLOPT_NETRC, 0)
        try set(CURLOPT_HTTP_VERSION, tidegate_curl_http_1_1())
        // A proxy from the environment would reach its own loopback, not ours.
        if url.isLoopback { try set(CURLOPT_PROXY, "") }
    }

    private func configureTLS() throws(TransportFailure) {
        try set(CURLOPT_SSLVERSION, tidegate_curl_tls_1_2_or_newer())
        try set(CURLOPT_SSL_VERIFYPEER, 1)
        try set(CURLOPT_SSL_VERIFYHOST, 2)
        try set(settings.tls.authorities, file: CURLOPT_CAINFO, bytes: CURLOPT_CAINFO_BLOB)
        try set(settings.tls.certificate, file: CURLOPT_SSLCERT, bytes: CURLOPT_SSLCERT_BLOB)
        try set(settings.tls.key, file: CURLOPT_SSLKEY, bytes: CURLOPT_SSLKEY_BLOB)
    }

    private func configureRequest(_ request: HTTPRequest) throws(TransportFailure) {
        try set(CURLOPT_URL, request.url)
        try set(CURLOPT_USERAGENT, settings.userAgent)
        if settings.acceptsCompression { try set(CURLOPT_ACCEPT_ENCODING, "gzip") }
        if request.method != .get || !request.body.isEmpty {
            try check(
                tidegate_curl_set_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request.body.count))
            )
            // One byte more than counted, so that an empty body has an address too.
            var body = request.body + [0]
            try check(tidegate_curl_set_pointer(handle, CURLOPT_COPYPOSTFIELDS, &body))
            try set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        }
        // "Expect:" takes that header out: with it, libcurl waits a second before it sends a large body.
        for line in ["Expect:"] + request.headers.map(Self.line) {
            guard let longer = curl_slist_append(headerList, line) else {
                throw TransportFailure(.other, message: "out of memory")
            }
            headerList = longer
        }
        try check(tidegate_curl_set_list(handle, CURLOPT_HTTPHEADER, headerList))
    }

    /// A header as libcurl wants it: one with an empty value is written with a semicolon.
    private static func line(_ header: HTTPHeader) -> String {
        header.value.isEmpty ? "\(header.name);" : "\(header.name): \(header.value)"
    }

    private func set(_ option: CURLoption, _ value: Int) throws(TransportFailure) {
        try check(tidegate_curl_set_long(handle, option, value))
    }

    private func set(_ option: CURLoption, _ value: String) throws(TransportFailure) {
        try check(tidegate_curl_set_string(handle, option, value))
    }

    private func set(_ pem: PEM?, file: CURLoption, bytes: CURLoption) throws(TransportFailure) {
        switch pem {
        case nil: break
        case .file(let path): try set(file, path)
        case .bytes(let content):
            let code = content.withUnsafeBytes {
                tidegate_curl_set_blob(handle, bytes, $0.baseAddress, $0.count)
            }
            try check(code)
        }
    }

    private func check(_ code: CURLcode) throws(TransportFailure) {
        guard code == CURLE_OK else {
            let words = String(cString: curl_easy_strerror(code))
            throw TransportFailure(.other, message: "libcurl refused a setting: \(words)")
        }
    }
}

extension Duration {
    /// Rounded up, and at least 1: libcurl takes 0 for "no limit".
    var wholeMilliseconds: Int {
        let (seconds, attoseconds) = components
        return max(1, Int(seconds) * 1_000 + Int((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000))
    }
}
