"""Pictures of the page for people to look at: light, dark and on a phone."""

import pathlib
import tempfile

from harness.browser import Browser
from harness.service import Service

_SESSIONS = [
    ("Nightly build", ["make", "-j2", "release"]),
    ("api server", ["node", "server.mjs", "--port", "8080"]),
    ("notes", ["vim", "notes.md"]),
    ("a name that is much longer than anybody would like it to be, so that it has to break somewhere",
     ["tail", "-f", "/var/log/a/path/that/is/long/as/well/server-2026-11-23T08-00-00.log"]),
    ("migration", ["psql", "-f", "migrate.sql"]),
]  # fmt: skip
_SIZES = {"desktop": (1200, 800), "phone": (390, 844), "narrow": (320, 640)}


def take(folder):
    """Takes all and returns where they are."""
    folder.mkdir(parents=True, exist_ok=True)
    browser = Browser()
    taken = []
    try:
        with tempfile.TemporaryDirectory(prefix="tidegate-pictures-") as place:
            for name, prepare in _SCENES.items():
                scene = pathlib.Path(place, name)
                scene.mkdir()
                taken += _scene(browser, scene, name, prepare, folder)
    finally:
        browser.quit()
    return taken


def _scene(browser, place, name, prepare, folder):
    browser.begin()
    page, service = prepare(browser, place)
    try:
        for size, (width, height) in _SIZES.items():
            for scheme in ("light", "dark"):
                media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
                browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
                screen = {"width": width, "height": height, "deviceScaleFactor": 2, "mobile": width < 500}
                browser.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
                picture = folder / f"{name}-{size}-{scheme}.png"
                page.driver.save_screenshot(str(picture))
                yield picture
    finally:
        browser.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        service.stop()


def _live(browser, place):
    tree = place / "folders"
    for name in ("src/app", "src/tools", "docs", "tests"):
        (tree / name).mkdir(parents=True)
    service = Service(place, "--folders", str(tree))
    ids = [service.create(name, command) for name, command in _SESSIONS]
    service.ask(f"/api/sessions/{ids[-1]}", "PATCH", {"status": "exited"})
    page = browser.open(service.url + "/")
    page.expect_state("live")
    page.expect_same_list(service)
    return page, service


def _polling(browser, place):
    service = Service(place, percentage=0, poll="10s")
    service.create("Nightly build", ["make", "-j2", "release"])
    page = browser.open(service.url + "/")
    page.expect_state("polling")
    page.expect_same_list(service)
    return page, service


def _gone(browser, place):
    page, service = _live(browser, place)
    service.stop()
    page.expect_state("reconnecting", "offline")
    return page, service


def _empty(browser, place):
    service = Service(place)
    for session in service.sessions:
        service.terminate(session["id"])
    page = browser.open(service.url + "/")
    page.expect_state("live")
    page.expect_same_list(service)
    return page, service


def _login(browser, place):
    tokens = place / "tokens"
    tokens.write_text(f"ada {'0' * 64}\n")
    service = Service(place, "--tokens", str(tokens))
    page = browser.open(service.url + "/")
    page.find("form#login [name=token]")
    return page, service


_SCENES = {"live": _live, "polling": _polling, "gone": _gone, "empty": _empty, "login": _login}
