"""What others write into a list must stay text, and nothing foreign runs."""

from harness.case import BrowserCase
from harness.waiting import eventually

_HOSTILE = '<img src=x onerror="window.wasHacked = true">'


class SafetyCase(BrowserCase):
    def test_a_name_that_is_markup_is_text(self):
        service = self.service()
        by_api = service.create(_HOSTILE, [_HOSTILE])
        page = self.open(service)
        page.expect_session(_HOSTILE, id=by_api)
        page.create(_HOSTILE + "!", "sleep 1")
        page.expect_session(_HOSTILE + "!")
        self.assertFalse(page.run("return 'wasHacked' in window"))
        self.assertEqual(page.run("return document.querySelectorAll('#sessions img').length"), 0)

    def test_the_page_asks_nobody_but_its_own_service(self):
        service = self.service()
        page = self.open(service)
        page.expect_state("live")
        asked = page.run("return performance.getEntriesByType('resource').map((entry) => entry.name)")
        foreign = [url for url in asked if not url.startswith((service.url + "/", "data:"))]
        self.assertEqual(foreign, [])
        self.assertTrue(asked, "its modules at least are resources")


class PolicyCase(BrowserCase):
    expected_in_console = (r"Content Security Policy",)

    def test_a_script_in_the_markup_does_not_run(self):
        page = self.open(self.service())
        page.expect_state("live")
        page.run(
            """
            window.broken = [];
            document.addEventListener('securitypolicyviolation', (event) => window.broken.push(event.effectiveDirective));
            const script = document.createElement('script');
            script.textContent = 'window.wasHacked = true';
            document.body.append(script);
            const image = document.createElement('img');
            image.src = 'http://localhost:9/pixel.png';
            document.body.append(image);
            """
        )
        eventually("both are refused", lambda: len(page.run("return window.broken")) == 2)
        self.assertFalse(page.run("return 'wasHacked' in window"))
