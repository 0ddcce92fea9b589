"""Tabs that are hidden, left, closed, or many."""

from harness.case import BrowserCase
from harness.waiting import eventually

_FETCH = """
const done = arguments[arguments.length - 1];
fetch('/api/sessions', {cache: 'no-store'}).then((answer) => done(answer.status), (error) => done(String(error)));
"""


class TabCase(BrowserCase):
    def test_a_hidden_page_lets_go_and_comes_back(self):
        service = self.service(suspend="500ms")
        page = self.open(service)
        page.expect_state("live")
        self.browser.open_empty_tab()
        eventually("the hidden page lets go of its stream", lambda: service.open_streams == 0)
        service.create("while nobody looked")
        page.show()
        page.expect_state("live")
        page.expect_session("while nobody looked")
        page.expect_same_list(service)
        self.assertEqual(service.open_streams, 1)

    def test_going_back_to_the_page_leaves_one_stream_and_the_right_list(self):
        service = self.service()
        page = self.open(service)
        page.expect_state("live")
        page.driver.get("about:blank")
        eventually("the page that was left lets go", lambda: service.open_streams == 0)
        service.create("while the page was left")
        page.driver.back()
        page.expect_state("live")
        page.expect_session("while the page was left")
        page.expect_same_list(service)
        eventually("there is one stream", lambda: service.open_streams == 1)

    def test_seven_tabs_share_one_stream_and_the_service_still_answers(self):
        service = self.service()
        pages = [self.open(service)]
        pages += [self.browser.open_tab(service.url + "/") for _ in range(6)]
        for page in pages:
            page.expect_state("live")
        service.create("for all seven")
        for page in pages:
            page.expect_session("for all seven")
            self.assertEqual(page.run_async(_FETCH), 200)
        eventually("there is one stream", lambda: service.open_streams == 1)

    def test_when_the_leading_tab_is_closed_another_leads(self):
        service = self.service()
        pages = [self.open(service)]
        pages += [self.browser.open_tab(service.url + "/") for _ in range(2)]
        for page in pages:
            page.expect_state("live")
        # Which one leads is the page's own affair: one after the other goes, so the leader is among them.
        while len(pages) > 1:
            pages.pop().close()
            pages[-1].show()
            name = f"with {len(pages)} left"
            service.create(name)
            for page in pages:
                page.expect_session(name)
                page.expect_state("live")
            eventually("there is one stream", lambda: service.open_streams == 1)

    def test_closing_the_first_of_two_tabs_leaves_the_second_live(self):
        service = self.service()
        first = self.open(service)
        first.expect_state("live")
        second = self.browser.open_tab(service.url + "/")
        second.expect_state("live")
        first.driver.close()
        service.create("for the second")
        second.expect_session("for the second")
        second.expect_state("live")
        eventually("there is one stream", lambda: service.open_streams == 1)
