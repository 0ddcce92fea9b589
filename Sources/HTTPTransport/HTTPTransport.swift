import CCurl
import Glibc

/// Carries HTTP requests, many at once, on the calling thread.
///
/// Connections are kept open between calls and never shared between transports, so never between credentials.
/// Nothing is followed, remembered or looked up behind the caller's back: no redirects, cookies or `.netrc`. A
/// proxy comes from the environment, as with curl, except for loopback hosts. Not `Sendable`: a transport stays
/// where it was made.
package final class HTTPTransport {
    private let multi: UnsafeMutableRawPointer?
    private let settings: TransportSettings

    /// Version of the libcurl in use and of what it is built on, such as `libcurl/7.88.1 OpenSSL/3.0.19 …`.
    package static var libcurlVersion: String {
        isInitialized ? String(cString: curl_version()) : "no libcurl"
    }

    package init(_ settings: TransportSettings = TransportSettings()) {
        self.settings = settings
        multi = Self.isInitialized ? curl_multi_init() : nil
        if let multi { tidegate_curl_multi_set_long(multi, CURLMOPT_MAX_HOST_CONNECTIONS, 16) }
    }

    deinit {
        if let multi { curl_multi_cleanup(multi) }
    }

    /// Carries all requests at once and returns what became of each, in order.
    ///
    /// - Parameters:
    ///   - requests: Checked first; one that is malformed fails alone, without being sent.
    ///   - limit: How long the whole batch may take; what is unfinished then has timed out.
    /// - Returns: Exactly one result a request.
    package func perform(
        _ requests: [HTTPRequest],
        within limit: Duration
    ) -> [Result<HTTPResponse, TransportFailure>] {
        let deadline = ContinuousClock.now + limit
        guard let multi else {
            let failure = TransportFailure(.other, message: "libcurl could not be started")
            return requests.map { _ in .failure(failure) }
        }
        var results = [Result<HTTPResponse, TransportFailure>?](repeating: nil, count: requests.count)
        var running: [UnsafeMutableRawPointer: (index: Int, transfer: Transfer)] = [:]
        for (index, request) in requests.enumerated() {
            do throws(TransportFailure) {
                let transfer = try begin(request, on: multi, until: deadline)
                running[transfer.handle] = (index, transfer)
            } catch {
                results[index] = .failure(error)
            }
        }
        while !running.isEmpty, let active = advance(multi, until: deadline) {
            let ended = finished(on: multi)
            if ended.isEmpty && active == 0 { break }
            for (handle, code) in ended {
                guard let (index, transfer) = running.removeValue(forKey: handle) else { continue }
                curl_multi_remove_handle(multi, handle)
                results[index] = transfer.outcome(code)
            }
        }
        for (handle, _) in running { curl_multi_remove_handle(multi, handle) }
        let late = TransportFailure(.timedOut, message: "no answer in time")
        return results.map { $0 ?? .failure(late) }
    }

    private func begin(
        _ request: HTTPRequest,
        on multi: UnsafeMutableRawPointer,
        until deadline: ContinuousClock.Instant
    ) throws(TransportFailure) -> Transfer {
        let url: HTTPURL
        do throws(HTTPURLError) {
            url = try HTTPURL(request.url)
        } catch {
            throw TransportFailure(.invalidRequest, message: error.description)
        }
        for header in request.headers {
            guard let objection = HeaderRules.objection(to: header) else { continue }
            throw TransportFailure(.invalidRequest, message: objection)
        }
        let remaining = deadline - .now
        guard remaining > .zero else { throw TransportFailure(.timedOut, message: "no time was left to ask") }
        let transfer = try Transfer(request, to: url, settings: settings)
        try transfer.limit(to: remaining)
        guard curl_multi_add_handle(multi, transfer.handle) == CURLM_OK else {
            throw TransportFailure(.other, message: "libcurl refused the request")
        }
        return transfer
    }

    /// Moves all transfers on and waits until one of them can move again.
    ///
    /// - Returns: How many are unfinished; nil when the time is up.
    private func advance(_ multi: UnsafeMutableRawPointer, until deadline: ContinuousClock.Instant) -> Int? {
        var active: Int32 = 0
        guard curl_multi_perform(multi, &active) == CURLM_OK else { return nil }
        guard active > 0 else { return 0 }
        let remaining = deadline - .now
        guard remaining > .zero else { return nil }
        let wait = Int32(clamping: remaining.wholeMilliseconds)
        return curl_multi_poll(multi, nil, 0, wait, nil) == CURLM_OK ? Int(active) : nil
    }

    /// The transfers that ended since the last call, and how.
    private func finished(on multi: UnsafeMutableRawPointer) -> [(UnsafeMutableRawPointer, CURLcode)] {
        var ended: [(UnsafeMutableRawPointer, CURLcode)] = []
        var waiting: Int32 = 0
        while let message = curl_multi_info_read(multi, &waiting) {
            guard message.pointee.msg == CURLMSG_DONE, let handle = message.pointee.easy_handle else {
                continue
            }
            ended.append((handle, tidegate_curl_message_result(message)))
        }
        return ended
    }

    /// Starts libcurl and its TLS library ahead of the first transport.
    package static func warmUp() { _ = isInitialized }

    /// Once for the process; libcurl is told not to handle signals, so a broken pipe is ours to ignore.
    private static let isInitialized: Bool = {
        signal(SIGPIPE, SIG_IGN)
        return tidegate_curl_start() != 0
    }()
}
