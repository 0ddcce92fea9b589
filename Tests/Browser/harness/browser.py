"""Chromium, and the page in it."""

import time

from selenium import webdriver
from selenium.webdriver.chrome.service import Service as Driver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from .programs import die_with_parent
from .waiting import eventually

_READ = """
const text = (element) => element ? element.textContent.trim() : null;
const status = document.querySelector('#status');
return {
    state: status && status.dataset.state,
    words: text(status),
    error: [...document.querySelectorAll('#error')].filter((e) => e.checkVisibility()).map(text).join(''),
    sessions: [...document.querySelectorAll('#sessions > li')].map((item) => ({
        id: item.dataset.session,
        status: item.dataset.status,
        name: text(item.querySelector('.name')),
        command: text(item.querySelector('.command')),
    })),
};
"""


class Browser:
    """One Chromium, whose tabs each case gets anew."""

    def __init__(self):
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        for argument in (
            "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu",
            "--no-proxy-server", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--window-size=1200,800",
        ):  # fmt: skip
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        driver = Driver("/usr/bin/chromedriver", popen_kw={"preexec_fn": die_with_parent})
        self.driver = webdriver.Chrome(options=options, service=driver)
        self.driver.set_page_load_timeout(30)
        self.driver.set_script_timeout(30)

    def begin(self):
        """As if it were new: one empty tab, no cookies, nothing cached, nothing logged."""
        driver = self.driver
        old = driver.window_handles
        driver.switch_to.new_window("tab")
        self.first = driver.current_window_handle
        for handle in old:
            driver.switch_to.window(handle)
            driver.close()
        driver.switch_to.window(self.first)
        for command in ("Network.clearBrowserCookies", "Network.clearBrowserCache"):
            driver.execute_cdp_cmd(command, {})
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
        self.log()

    def log(self):
        """What went to the console since it was asked last."""
        return self.driver.get_log("browser")

    def open(self, url):
        """Opens the page in the current tab."""
        self.driver.get(url)
        return Page(self, url)

    def open_tab(self, url):
        """Opens the page in a new tab, which hides the others."""
        self.driver.switch_to.new_window("tab")
        return self.open(url)

    def open_empty_tab(self):
        """Hides the page, and returns the tab that hides it."""
        self.driver.switch_to.new_window("tab")
        return self.driver.current_window_handle

    def quit(self):
        self.driver.quit()


class Page:
    """The page in one tab. Asking it something switches to that tab, but does not show it."""

    def __init__(self, browser, url):
        self.browser, self.url = browser, url
        self.tab = browser.driver.current_window_handle

    @property
    def driver(self):
        self.browser.driver.switch_to.window(self.tab)
        return self.browser.driver

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def run_async(self, script, *arguments):
        """Runs what calls its last argument when it is done."""
        return self.driver.execute_async_script(script, *arguments)

    # What a person sees

    def read(self):
        return self.run(_READ)

    @property
    def state(self):
        return self.read()["state"]

    @property
    def words(self):
        """What the status says."""
        return self.read()["words"]

    @property
    def error(self):
        """What went wrong, where the page says so; else empty."""
        return self.read()["error"]

    @property
    def sessions(self):
        return self.read()["sessions"]

    @property
    def names(self):
        return [session["name"] for session in self.sessions]

    def expect_state(self, *states, within=30):
        """Waits for one of these and returns it."""

        def is_one():
            state = self.state
            return state if state in states else self._refuse(states)

        return eventually(f"the page is {' or '.join(states)}", is_one, within)

    def _refuse(self, states):
        read = self.read()
        raise LookupError(f"it is {read['state']}, '{read['words']}' {read['error']}")

    def expect_names(self, *names, within=30):
        """Waits until just these are listed, in any order."""
        wanted = sorted(names)

        def are_listed():
            listed = sorted(self.names)
            if listed != wanted:
                raise LookupError(f"listed are {listed}")
            return True

        eventually(f"the page lists {wanted}", are_listed, within)

    def expect_session(self, name, within=30, **members):
        """Waits for a session of this name, and returns it."""

        def is_there():
            for session in self.sessions:
                if session["name"] == name and all(session[key] == value for key, value in members.items()):
                    return session
            raise LookupError(f"listed are {self.sessions}")

        return eventually(f"the page lists {name} {members or ''}", is_there, within)

    def expect_no_session(self, name, within=30):
        eventually(f"{name} is gone from the page", lambda: name not in self.names, within)

    def expect_same_list(self, service, within=30):
        """Waits until the page has just what the service has."""

        def is_same():
            there = sorted((one["id"], one["name"], one["status"]) for one in service.sessions)
            here = sorted((one["id"], one["name"], one["status"]) for one in self.sessions)
            if here != there:
                raise LookupError(f"the page has {here}, the service {there}")
            return True

        eventually("the page's list is the service's", is_same, within)

    # What a person does

    def find(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def create(self, name, command="sleep 60"):
        """Fills the form in and sends it."""
        for field, text in (("name", name), ("command", command)):
            element = self.find(f"form#create [name={field}]")
            element.clear()
            element.send_keys(text)
        self.find("form#create [type=submit], form#create button:not([type])").click()

    def terminate(self, session):
        self.find(f"#sessions > li[data-session='{session}'] button[data-action=terminate]").click()

    def press(self, *keys):
        """Sends keys to whatever has the focus."""
        self.driver.switch_to.active_element.send_keys(*keys)

    def tab_to(self, selector, most=60):
        """Presses the Tab key until something has the focus."""
        for _ in range(most):
            if self.run("return document.activeElement.matches(arguments[0])", selector):
                return
            self.press(Keys.TAB)
        raise AssertionError(f"{most} times Tab does not reach {selector}")

    def show(self):
        """Brings its tab to the front."""
        self.driver.execute_cdp_cmd("Page.bringToFront", {})

    def close(self):
        """Closes its tab; the case goes on in another."""
        self.driver.close()

    # Whether it was loaded again

    def mark(self):
        """Leaves something in the page that a reload would lose."""
        self.run("window.markOfTheCase = arguments[0]", time.time())

    @property
    def is_marked(self):
        return self.run("return window.markOfTheCase !== undefined")
