"""Streams that break, and what the page makes of it."""

from harness.case import BrowserCase
from harness.waiting import eventually, throughout


class StreamCase(BrowserCase):
    def test_a_cut_stream_goes_on_where_it_was(self):
        service = self.service()
        proxy = self.proxy(service)
        page = self.open(proxy)
        page.expect_state("live")
        snapshots = service.metric("sse_messages_transmitted_total", event="snapshot")

        proxy.break_off()
        page.expect_state("reconnecting", "polling", "offline")
        service.create("made in between")
        proxy.admit()

        page.expect_state("live")
        page.expect_session("made in between")
        page.expect_same_list(service)
        self.assertGreaterEqual(service.metric("sse_reconnection_attempts_total", resume="replay"), 1)
        self.assertEqual(service.metric("sse_messages_transmitted_total", event="snapshot"), snapshots)

    def test_another_run_of_the_service_is_a_new_list_in_the_same_page(self):
        service = self.service()
        page = self.open(service)
        page.expect_state("live")
        service.create("of the first run")
        page.expect_session("of the first run")
        page.mark()
        service.restart()
        service.create("of the second run")
        page.expect_session("of the second run")
        page.expect_state("live")
        page.expect_same_list(service)
        self.assertNotIn("of the first run", page.names)
        self.assertTrue(page.is_marked)
        self.assertGreaterEqual(service.metric("sse_reconnection_attempts_total", resume="snapshot_epoch"), 1)

    def test_three_outages_leave_one_stream_and_nothing_lost(self):
        service = self.service()
        proxy = self.proxy(service)
        page = self.open(proxy)
        page.expect_state("live")
        for outage in ("first", "second", "third"):
            proxy.break_off()
            page.expect_state("reconnecting", "polling", "offline")
            service.create(f"in the {outage} outage")
            proxy.admit()
            page.expect_state("live")
            page.expect_session(f"in the {outage} outage")
        page.expect_same_list(service)
        eventually("one stream is left", lambda: service.open_streams == 1)
        ids = [session["id"] for session in page.sessions]
        self.assertEqual(len(ids), len(set(ids)), "no session is listed twice")

    def test_a_stream_that_falls_silent_is_noticed(self):
        service = self.service(ping="400ms")
        proxy = self.proxy(service)
        page = self.open(proxy)
        page.expect_state("live")
        proxy.hold_streams()
        service.create("meanwhile")
        page.expect_state("reconnecting", "polling")
        proxy.release_streams()
        page.expect_state("live")
        page.expect_session("meanwhile")

    def test_a_wait_is_counted_down_in_words(self):
        service = self.service()
        proxy = self.proxy(service)
        page = self.open(proxy)
        page.expect_state("live")
        proxy.break_off()
        seen = eventually("the page is reconnecting", lambda: _words(page, "reconnecting"))
        self.assertRegex(seen, r"^Reconnecting(?: in \d+ s|…)?$")

    def test_a_service_that_ends_orderly_is_found_again(self):
        service = self.service(drain="1s")
        page = self.open(service)
        page.expect_state("live")
        page.mark()
        service.ask_to_end()
        page.expect_state("reconnecting")
        self.assertEqual(service.program.wait(), 0)
        service.start()
        page.expect_state("live")
        page.expect_same_list(service)
        self.assertTrue(page.is_marked)

    def test_without_any_service_the_page_says_so_and_keeps_its_list(self):
        service = self.service()
        service.create("kept")
        proxy = self.proxy(service)
        page = self.open(proxy)
        page.expect_state("live")
        proxy.break_off()
        page.expect_state("offline")
        self.assertIn("kept", page.names)
        proxy.admit()
        page.expect_state("live")


class RefusedStreamCase(BrowserCase):
    """Answers that make a browser give a stream up for good."""

    expected_in_console = (r"EventSource's response has a MIME type",)

    def test_503_for_the_stream_leads_to_polling_and_back(self):
        self._leads_to_polling("503 Service Unavailable", "Retry-After: 1")

    def test_429_for_the_stream_leads_to_polling_and_back(self):
        self._leads_to_polling("429 Too Many Requests", "Retry-After: 1")

    def test_204_for_the_stream_leads_to_polling_and_back(self):
        self._leads_to_polling("204 No Content")

    def test_a_login_page_in_place_of_the_stream_leads_to_polling_and_back(self):
        self._leads_to_polling("200 OK", "Content-Type: text/html", body="<p>Welcome to the lounge</p>")

    def _leads_to_polling(self, *head, body=""):
        service = self.service()
        proxy = self.proxy(service)
        proxy.answer_streams(head, body)
        page = self.open(proxy)
        page.mark()
        page.expect_state("polling")
        service.create("seen by polling")
        page.expect_session("seen by polling")
        page.expect_same_list(service)
        # Three attempts, then one a second or fewer: a page must not hammer on a door that is shut.
        before = proxy.stream_requests
        throughout("the page polls", lambda: page.state in ("polling", "connecting"), during=2)
        self.assertLessEqual(proxy.stream_requests - before, 6)

        proxy.pass_streams()
        page.expect_state("live")
        service.create("seen by stream")
        page.expect_session("seen by stream")
        self.assertTrue(page.is_marked)


def _words(page, state):
    read = page.read()
    return read["state"] == state and read["words"]
