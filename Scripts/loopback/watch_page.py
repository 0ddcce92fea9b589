"""Opens the session service's page in a real, invisible Chromium and says what it shows.

    watch_page.py URL CLIENT

The page belongs to CLIENT. Prints 'ready' once it is loaded, then a line whenever
its status changes, and at the end, when standard input is closed, what became of it.
"""

import sys
import threading
from datetime import datetime
from urllib.parse import urlsplit

from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.chrome.service import Service

# A marker in the page's memory, which a reload would take with it.
READ = """
return {
    status: document.querySelector('#status').textContent.trim(),
    sessions: document.querySelectorAll('#sessions > li').length,
    isTheSame: window.markedByTheDemo === true,
};
"""


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    url, client = sys.argv[1:]
    try:
        driver = start()
    except WebDriverException as error:
        sys.exit(f"error: Chromium did not start: {error.msg}")
    try:
        driver.execute_cdp_cmd(
            "Network.setCookie",
            {"name": "cid", "value": client, "domain": urlsplit(url).hostname, "httpOnly": True},
        )
        driver.get(url)
        driver.execute_script("window.markedByTheDemo = true")
        print("ready", flush=True)
        watch(driver)
    finally:
        driver.quit()


def start():
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--no-proxy-server"):
        options.add_argument(argument)
    return webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))


def watch(driver):
    shown, end = None, threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), end.set()), daemon=True).start()
    while not end.wait(0.1):
        page = driver.execute_script(READ)
        # A countdown is one status, not many.
        status = page["status"].split(" in ")[0]
        if status != shown:
            shown = status
            print(f"{datetime.now():%H:%M:%S}  {page['status']}", flush=True)
    page = driver.execute_script(READ)
    reloaded = "never reloaded" if page["isTheSame"] else "RELOADED"
    print(f"{datetime.now():%H:%M:%S}  {page['sessions']} sessions on the page, which was {reloaded}", flush=True)


main()
