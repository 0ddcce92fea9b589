"""A flag that changes while the page is open."""

from harness.case import BrowserCase
from harness.waiting import eventually


class FlagCase(BrowserCase):
    def test_a_flag_that_rises_and_falls_moves_the_page_without_a_reload(self):
        service = self.service(percentage=0)
        page = self.open(service)
        page.expect_state("polling")
        page.mark()

        service.set_flag(100)
        page.expect_state("live")
        service.create("while live")
        page.expect_session("while live")

        service.set_flag(0)
        page.expect_state("polling")
        service.create("while polling")
        page.expect_session("while polling")

        page.expect_same_list(service)
        self.assertTrue(page.is_marked)
        eventually("no stream is left", lambda: service.open_streams == 0)

    def test_without_a_flag_file_the_page_polls(self):
        service = self.service(percentage=None)
        page = self.open(service)
        page.expect_state("polling")
        page.expect_same_list(service)
        self.assertRegex(page.words, r"^Polling \(")

    def test_the_page_says_what_transport_it_has(self):
        service = self.service(percentage=0)
        page = self.open(service)
        page.expect_state("polling")
        service.set_flag(100)
        page.expect_state("live")
        for mode in ("polling", "sse"):
            eventually(
                f"the page has reported {mode}",
                lambda mode=mode: service.metric("client_transport_total", mode=mode) >= 1,
            )
