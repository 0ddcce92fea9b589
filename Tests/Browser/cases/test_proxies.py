"""Real proxies between page and service."""

import pathlib
import re
import urllib.request

from harness.case import BrowserCase
from harness.nginx import BUFFERING
from harness.waiting import throughout

_OPERATIONS = "Sources/SessionService/SessionService.docc/Operations.md"
_PLAIN = """
    location / {{
        proxy_pass {url};
        proxy_http_version 1.1;
        proxy_set_header Host $http_host;
    }}
"""


class ProxyCase(BrowserCase):
    def test_behind_a_buffering_proxy_the_page_polls_until_the_proxy_learns(self):
        service = self.service(first_event="2s")
        nginx = self.nginx(BUFFERING.format(url=service.url))
        page = self.open(nginx)
        page.mark()
        page.expect_state("polling")
        service.create("seen by polling")
        page.expect_session("seen by polling")
        throughout("the page does not call itself live", lambda: page.state != "live", during=2)

        nginx.change(_PLAIN.format(url=service.url))
        page.expect_state("live")
        service.create("seen by stream")
        page.expect_session("seen by stream")
        self.assertTrue(page.is_marked)

    def test_a_proxy_that_starts_to_hold_back_is_polled_around(self):
        service = self.service(first_event="1s", ping="400ms")
        proxy = self.proxy(service)
        page = self.open(proxy)
        page.expect_state("live")
        proxy.hold_streams()
        page.expect_state("polling")
        service.create("seen by polling")
        page.expect_session("seen by polling")
        proxy.release_streams()
        page.expect_state("live")
        page.expect_same_list(service)

    def test_the_documented_nginx_streams_at_once_even_compressed(self):
        service = self.service("--trusted-proxy", "127.0.0.1", ping="1s")
        nginx = self.nginx(_compressing(_documented(service)))
        page = self.open(nginx)
        page.expect_state("live")
        page.create("at once")
        page.expect_session("at once")
        # Longer than two pings: what is held back would be missed by now.
        throughout("the page stays live", lambda: page.state == "live", during=4)
        self.assertEqual(service.open_streams, 1)

        request = urllib.request.Request(nginx.url + "/api/sse/sessions?client=a", headers={"Accept-Encoding": "gzip"})
        with urllib.request.urlopen(request, timeout=10) as stream:
            self.assertEqual(stream.headers["Content-Encoding"], "gzip")


def _compressing(location):
    """The same, but nginx compresses streams as well, as where somebody lists every type."""
    changed = location.replace("gzip_types ", "gzip_min_length 1; gzip_types text/event-stream ")
    assert changed != location, f"there is no gzip_types in {location}"
    return changed


def _documented(service):
    """What the operations page has nginx operators write, with this service's address."""
    page = pathlib.Path(_OPERATIONS)
    blocks = re.findall(r"^```nginx\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL)
    for block in blocks:
        location = re.search(r"^\s*location / \{.*?^\s*\}", block, re.MULTILINE | re.DOTALL)
        if location:
            return re.sub(r"proxy_pass +http://[^;]+;", f"proxy_pass {service.url};", location[0])
    raise AssertionError(f"{_OPERATIONS} shows no 'location /' for nginx")
