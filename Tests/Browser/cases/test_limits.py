"""Limits, and who may come in."""

import hashlib
import urllib.request

from harness.case import BrowserCase
from harness.waiting import eventually

_SPEND = """
const [requests, done] = arguments;
const statuses = {};
let patience = null;
(async () => {
    for (let i = 0; i < requests; i++) {
        const answer = await fetch('/api/sessions', {cache: 'no-store'});
        statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
        if (answer.status === 429) patience = answer.headers.get('Retry-After');
    }
    done({statuses, patience});
})();
"""


class LimitCase(BrowserCase):
    def test_the_101st_request_is_refused_in_words_while_the_stream_goes_on(self):
        service = self.service("--trusted-proxy", "127.0.0.1", requests_per_minute=None)
        page = self.open(service)
        page.expect_state("live")
        spent = page.run_async(_SPEND, 101)
        self.assertGreaterEqual(spent["statuses"].get("429", 0), 1)
        self.assertLessEqual(spent["statuses"].get("200", 0), 100)
        self.assertRegex(spent["patience"], r"^[1-9]\d*$")

        page.create("one too many")
        eventually("the page says that it was too much", lambda: page.error)
        self.assertNotIn("one too many", page.names)
        # Somebody else, whose requests are not used up, makes one; the stream tells.
        service.create("of somebody else", headers={"X-Forwarded-For": "10.1.2.3"})
        page.expect_session("of somebody else")
        self.assertEqual(page.state, "live")

    def test_a_service_that_is_full_is_polled_and_streams_once_there_is_room(self):
        service = self.service("--max-streams", "1")
        with urllib.request.urlopen(service.url + "/api/sse/sessions?client=first-come") as held:
            self.assertEqual(held.status, 200)
            page = self.open(service)
            page.expect_state("polling")
            page.expect_same_list(service)
        page.expect_state("live")
        page.expect_same_list(service)


    def test_a_caller_with_too_many_streams_polls(self):
        service = self.service("--max-streams-per-client", "1")
        with urllib.request.urlopen(service.url + "/api/sse/sessions?client=first-come") as held:
            self.assertEqual(held.status, 200)
            page = self.open(service)
            page.expect_state("polling")
            page.expect_same_list(service)
            self.assertGreaterEqual(service.metric("sse_connection_errors_total", reason="limit_client"), 1)
        page.expect_state("live")


class LoginCase(BrowserCase):
    def test_a_login_that_ends_takes_the_stream_along_and_is_asked_for_again(self):
        service = self._guarded_service()
        page = self.open(service)
        self._log_in(page, "open sesame")
        page.expect_state("live")
        self._let_in("grace", "another token")
        eventually("the page asks for a login", lambda: page.find("form#login").is_displayed())
        eventually("the stream has ended", lambda: service.open_streams == 0)
        self.assertNotEqual(page.state, "live")

    def test_a_page_without_a_login_asks_for_one(self):
        service = self._guarded_service()
        page = self.open(service)
        self._log_in(page, "let me in")
        eventually("the page says that the token is wrong", lambda: page.error)
        self._log_in(page, "open sesame")
        page.expect_state("live")
        page.create("of ada", "sleep 60")
        page.expect_session("of ada")
        self.assertFalse(page.find("form#login").is_displayed())
        cookies = {cookie["name"]: cookie for cookie in page.driver.get_cookies()}
        self.assertTrue(all(cookie["httpOnly"] for cookie in cookies.values()), cookies)

    def _guarded_service(self):
        self._let_in("ada", "open sesame")
        return self.service("--tokens", str(self.folder / "tokens"))

    def _let_in(self, subject, token):
        """Makes this the only login there is."""
        new = self.folder / "tokens.new"
        new.write_text(f"{subject} {hashlib.sha256(token.encode()).hexdigest()}\n")
        new.replace(self.folder / "tokens")

    def _log_in(self, page, token):
        def is_asked():
            return page.find("form#login").is_displayed() and page.find("form#login [name=token]")

        field = eventually("the page asks for a login", is_asked)
        field.clear()
        field.send_keys(token, "\ue007")  # Enter
