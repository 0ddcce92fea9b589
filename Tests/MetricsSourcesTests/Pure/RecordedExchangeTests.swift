import HTTPTransport
import Rollout
import Testing

@testable import MetricsSources

@Suite("A recorded answer of a real server")
struct RecordedExchangeTests {
    /// What an answer means where one number was asked for, in short.
    static let expectations: [(String, String)] = [
        ("prometheus/auth_prom_basic_missing_401", "refused credentials"),
        ("prometheus/auth_prom_basic_wrong_401", "refused credentials"),
        ("prometheus/bad_promql", "refused request"),
        ("prometheus/bad_promql_unicode", "refused request"),
        ("prometheus/bad_time", "refused request"),
        ("prometheus/bad_type", "refused request"),
        ("prometheus/bool_compare", "value 0.0"),
        ("prometheus/double_slash_path", "refused credentials"),
        ("prometheus/err_timeout_in_queue_503", "again, 3 tries"),
        ("prometheus/err_timeout_server_503", "again, 2 tries"),
        ("prometheus/err_too_many_samples_422", "refused request"),
        ("prometheus/filter_compare_empty", "no data"),
        ("prometheus/get_unescaped_plus", "refused request"),
        ("prometheus/head_query", "method not allowed"),
        ("prometheus/healthy", "refused malformed"),
        ("prometheus/html_200_truncated", "refused malformed"),
        ("prometheus/idiom_raw_matrix_across_reset", "refused request"),
        ("prometheus/many_to_many", "refused request"),
        ("prometheus/matrix_instant", "refused request"),
        ("prometheus/missing_query", "refused request"),
        ("prometheus/notready_503_query", "again, 3 tries"),
        ("prometheus/param_timeout_1ms", "refused request"),
        ("prometheus/post_form", "value 1.0"),
        ("prometheus/post_json_body", "refused request"),
        ("prometheus/proxy_bad_gateway_502", "again, 3 tries"),
        ("prometheus/proxy_basic_missing_401", "refused credentials"),
        ("prometheus/proxy_forbidden_403", "refused credentials"),
        ("prometheus/proxy_gateway_timeout_504", "again, 3 tries"),
        ("prometheus/proxy_maintenance_503_html", "again, 3 tries, after 2m"),
        ("prometheus/proxy_rate_limited_429", "again, 3 tries, after 30s"),
        ("prometheus/proxy_sso_login_page_200_html", "refused malformed"),
        ("prometheus/proxy_sso_redirect_302", "refused credentials"),
        ("prometheus/put_method", "method not allowed"),
        ("prometheus/ratio_num_absent", "no data"),
        ("prometheus/ratio_x_over_zero", "not finite +Inf"),
        ("prometheus/ratio_zero_over_zero", "no signal"),
        ("prometheus/scalar", "value 600.0"),
        ("prometheus/scalar_literal", "value 42.5"),
        ("prometheus/scalar_of_empty_is_NaN", "no signal"),
        ("prometheus/stale_now", "no data"),
        ("prometheus/string_literal", "refused request"),
        ("prometheus/tenant_missing_401_text", "refused credentials"),
        ("prometheus/tls_plain_http_to_https_port_400", "refused request"),
        ("prometheus/unknown_api_path", "refused request"),
        ("prometheus/values_nan_inf", "ambiguous, 7 series"),
        ("prometheus/vector_empty", "no data"),
        ("prometheus/vector_many", "ambiguous, 6 series"),
        ("prometheus/vector_no_labels", "value 40.142857142857146"),
        ("prometheus/vector_one", "value 120.0"),
        ("prometheus/warn_remote_read_dead", "partial"),
        ("prometheus/wrong_prefix", "refused request"),
        ("victoriametrics/bad_promql", "refused request"),
        ("victoriametrics/bad_time", "refused request"),
        ("victoriametrics/bad_type", "ambiguous, 4 series"),
        ("victoriametrics/cluster_style_path", "refused request"),
        ("victoriametrics/healthy", "refused malformed"),
        ("victoriametrics/many_to_many", "refused request"),
        ("victoriametrics/matrix_instant", "refused request"),
        ("victoriametrics/missing_query", "refused request"),
        ("victoriametrics/param_timeout_1ms", "refused request"),
        ("victoriametrics/post_form", "value 1.0"),
        ("victoriametrics/post_no_content_type", "refused request"),
        ("victoriametrics/ratio_x_over_zero", "not finite +Inf"),
        ("victoriametrics/ratio_zero_over_zero", "no data"),
        ("victoriametrics/scalar_becomes_vector", "value 42.5"),
        ("victoriametrics/scalar_of_empty_is_empty", "no data"),
        ("victoriametrics/string_literal", "no data"),
        ("victoriametrics/too_many_points_subquery", "refused request"),
        ("victoriametrics/unknown_api_path", "refused request"),
        ("victoriametrics/vector_empty", "no data"),
        ("victoriametrics/vector_many", "ambiguous, 4 series"),
    ]

    @Test("means one thing where a number was asked for", arguments: expectations)
    func meaning(name: String, expected: String) throws {
        let verdict = Verdict(.success(try RecordedExchange(name).response))
        #expect(Self.short(verdict) == expected, "\(verdict)")
    }

    @Test("keeps every sample of a range, from either server")
    func matrices() throws {
        let prometheus = Verdict(.success(try RecordedExchange("prometheus/matrix_instant").response))
        let victoria = Verdict(.success(try RecordedExchange("victoriametrics/matrix_instant").response))
        guard case .answer(let first) = prometheus, case .answer(let second) = victoria else {
            Issue.record("\(prometheus) \(victoria)")
            return
        }
        let series = try Reply.answer(first).matrix()
        #expect(series.map(\.samples.count) == [5])
        #expect(series[0].samples[0].at == Timestamp(millisecondsSinceEpoch: 1_795_379_959_931))
        #expect(
            try Reply.answer(second).matrix()[0].samples.map(\.value) == [35_550, 35_700, 35_850, 36_000]
        )
    }

    @Test("keeps quotes, backslashes, newlines and other alphabets in labels apart from its words")
    func labels() throws {
        let verdict = Verdict(.success(try RecordedExchange("prometheus/vector_quantized_labels").response))
        guard case .answer(let answer) = verdict, case .vector(let elements) = answer.result else {
            Issue.record("\(verdict)")
            return
        }
        #expect(elements.count == 1)
        #expect(elements[0].labels["kind"]?.contains("quote\"back\\slash\nnl") == true)
        #expect(elements[0].labels.identity.contains(#"quote\"back\\slash"#))
    }

    @Test("is quoted without its markup's line breaks when it is no answer")
    func quotes() throws {
        let verdict = Verdict(
            .success(try RecordedExchange("prometheus/proxy_sso_login_page_200_html").response)
        )
        guard case .refused(.malformed, let message) = verdict else {
            Issue.record("\(verdict)")
            return
        }
        #expect(
            message == "not an answer of the query API but text/html: <html><title>Sign in</title></html>"
        )
        let redirect = Verdict(.success(try RecordedExchange("prometheus/proxy_sso_redirect_302").response))
        guard case .refused(.credentials, let message) = redirect else {
            Issue.record("\(redirect)")
            return
        }
        #expect(message == "HTTP 302: redirected to http://127.0.0.1:9300/login/, as logins do")
    }

    private static func short(_ verdict: Verdict<QueryAnswer>) -> String {
        switch verdict {
        case .again(_, let tries, let after): "again, \(tries) tries" + (after.map { ", after \($0)" } ?? "")
        case .methodNotAllowed: "method not allowed"
        case .refused(let refusal, _): "refused \(refusal)"
        case .answer(let answer):
            switch Reply.answer(answer).number {
            case .value(let reading): "value \(reading.value)"
            case .noData: "no data"
            case .noSignal: "no signal"
            case .notFinite(let text): "not finite \(text)"
            case .ambiguous(let series): "ambiguous, \(series.count) series"
            case .partial: "partial"
            case .refused(let refusal, _): "refused \(refusal)"
            case .firstLook, .stale, .unreachable: "impossible"
            }
        }
    }
}
