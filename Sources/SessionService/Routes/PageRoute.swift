import HTTPTypes
import Hummingbird
import NIOCore

/// `/` and `/page/…`: the web page, whose files are part of the program.
///
/// The page works for everybody; what it shows comes from the API, which may want a login.
struct PageRoute: Sendable {
    /// One file of the page.
    private struct File: Sendable {
        var path: String
        var type: String
        var tag: String
        var body: ByteBuffer

        init(_ name: String, _ type: String, _ bytes: [UInt8]) {
            path = "/page/\(name)"
            self.type = type
            tag = "\"\(Self.fingerprint(of: bytes))\""
            body = ByteBuffer(bytes: bytes)
        }

        /// FNV-1a in 64 bits: it tells versions of one file apart, and protects against nobody.
        private static func fingerprint(of bytes: [UInt8]) -> String {
            let hash = bytes.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
            return String(hash, radix: 16)
        }
    }

    private static let home = File("index.html", "text/html; charset=utf-8", PackageResources.index_html)

    private static let files: [File] =
        [
            File("style.css", "text/css; charset=utf-8", PackageResources.style_css),
            File("icon.svg", "image/svg+xml; charset=utf-8", PackageResources.icon_svg),
        ] + modules.map { File($0.name, "text/javascript; charset=utf-8", $0.bytes) }

    private static let modules: [(name: String, bytes: [UInt8])] = [
        ("account.mjs", PackageResources.account_mjs),
        ("api.mjs", PackageResources.api_mjs),
        ("assignment.mjs", PackageResources.assignment_mjs),
        ("attempts.mjs", PackageResources.attempts_mjs),
        ("backoff.mjs", PackageResources.backoff_mjs),
        ("chances.mjs", PackageResources.chances_mjs),
        ("command-line.mjs", PackageResources.command_line_mjs),
        ("feed.mjs", PackageResources.feed_mjs),
        ("folder-picker.mjs", PackageResources.folder_picker_mjs),
        ("forms.mjs", PackageResources.forms_mjs),
        ("main.mjs", PackageResources.main_mjs),
        ("poller.mjs", PackageResources.poller_mjs),
        ("presence.mjs", PackageResources.presence_mjs),
        ("reports.mjs", PackageResources.reports_mjs),
        ("retry.mjs", PackageResources.retry_mjs),
        ("session-list.mjs", PackageResources.session_list_mjs),
        ("session-rows.mjs", PackageResources.session_rows_mjs),
        ("sharing.mjs", PackageResources.sharing_mjs),
        ("state-machine.mjs", PackageResources.state_machine_mjs),
        ("status.mjs", PackageResources.status_mjs),
        ("stream.mjs", PackageResources.stream_mjs),
        ("terms.mjs", PackageResources.terms_mjs),
        ("timers.mjs", PackageResources.timers_mjs),
        ("transport.mjs", PackageResources.transport_mjs),
        ("view.mjs", PackageResources.view_mjs),
    ]

    /// The page loads nothing from elsewhere, and nobody puts it into a frame.
    private static let policy = """
        default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; \
        base-uri 'none'; form-action 'self'; frame-ancestors 'none'
        """
    private static let referrerPolicy = HTTPField.Name("Referrer-Policy")

    func add(to router: Router<ServiceContext>) {
        for (path, file) in [("/", Self.home)] + Self.files.map({ ($0.path, $0) }) {
            let route = RouterPath(path)
            router.get(route) { request, _ in Self.answer(request, with: file) }
            router.head(route) { request, _ in Self.answer(request, with: file).createHeadResponse() }
        }
    }

    private static func answer(_ request: Request, with file: File) -> Response {
        var headers: HTTPFields = [
            .eTag: file.tag,
            // A new version of the program must not meet an old module.
            .cacheControl: "no-cache",
            .contentSecurityPolicy: policy,
            .xContentTypeOptions: "nosniff",
        ]
        if let referrerPolicy { headers[referrerPolicy] = "no-referrer" }
        if let known = request.headers[.ifNoneMatch], SessionsRoute.matches(known, file.tag) {
            return Response(status: .notModified, headers: headers)
        }
        headers[.contentType] = file.type
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: file.body))
    }
}
