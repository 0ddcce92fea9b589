"""What every case has: a browser, a folder, and an eye on the console."""

import pathlib
import re
import tempfile
import unittest

from .browser import Browser
from .proxy import Proxy
from .service import Service

_browser = None
"""One for all cases of this process; another after a case failed."""


def browser():
    global _browser
    if _browser is None:
        _browser = Browser()
    return _browser


def close_browser():
    global _browser
    if _browser is not None:
        _browser.quit()
        _browser = None


class BrowserCase(unittest.TestCase):
    """A case with a folder of its own; what it starts ends with it."""

    screenshots = None
    """The folder for pictures of failures."""

    seconds = 120
    """When the runner gives the case up."""

    expected_in_console = ()
    """Patterns of errors in the console that belong to the case."""

    clues = ""
    """What helps to understand the failure, once there is one."""

    # The browser itself notes answers like 503 and connections that fail; no page can prevent that.
    _unavoidable = (r"^\S+/api/\S* - Failed to load resource: ",)

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="tidegate-browser-", ignore_cleanup_errors=True)
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.services = []
        self.browser = browser()
        self.browser.begin()

    def tearDown(self):
        errors = [] if self._has_failed else self.console_errors()
        if errors or self._has_failed:
            self._gather_clues()
        self.assertEqual(errors, [], "the console must stay free of errors")

    def run(self, result=None):
        self._result = result
        return super().run(result)

    @property
    def _has_failed(self):
        return any(case is self for case, _ in self._result.failures + self._result.errors)

    # What cases start

    def service(self, *options, **more):
        """A session server; see Service."""
        folder = self.folder / f"service-{len(self.services)}"
        folder.mkdir()
        service = Service(folder, *options, **more)
        self.services.append(service)
        self.addCleanup(service.stop)
        return service

    def proxy(self, service):
        proxy = Proxy(service.port)
        self.addCleanup(proxy.close)
        return proxy

    def nginx(self, server, http=""):
        from .nginx import Nginx

        folder = self.folder / "nginx"
        folder.mkdir()
        self.folder.chmod(0o755)
        nginx = Nginx(folder, server, http)
        self.addCleanup(nginx.stop)
        return nginx

    def open(self, place):
        """Opens the page of a service, or of what stands before it."""
        return self.browser.open(place.url + "/")

    # What is looked at in every case

    def console_errors(self):
        """Errors in the console, broken content security policies among them, that the case does not expect."""
        patterns = [*self._unavoidable, *self.expected_in_console]
        return [
            entry["message"]
            for entry in self.browser.log()
            if entry["level"] == "SEVERE"
            and not any(re.search(pattern, entry["message"]) for pattern in patterns)
        ]

    def _gather_clues(self):
        """Before what the case started is ended."""
        for service in self.services:
            words = service.program.log.read_text(errors="replace")
            self.clues += f"\n--- {service.program.log.parent.name}, port {service.port}\n{words[-3000:]}"
        try:
            console = "\n".join(entry["message"] for entry in self.browser.log()[-30:])
            self.clues += f"\n--- the console's last lines\n{console}"
            if self.screenshots:
                pathlib.Path(self.screenshots).mkdir(parents=True, exist_ok=True)
                picture = pathlib.Path(self.screenshots, f"{self._testMethodName}.png")
                self.browser.driver.save_screenshot(str(picture))
                self.clues += f"\n--- a picture: {picture}"
        except Exception as error:  # the browser itself may be what broke
            self.clues += f"\n--- the browser cannot be asked: {error}"
