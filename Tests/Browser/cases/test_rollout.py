"""A rollout by the controller, seen from one real page among simulated clients."""

import pathlib
import re

from harness.case import BrowserCase
from harness.programs import Program, built
from harness.prometheus import Prometheus
from harness.waiting import eventually

_CLIENTS = 150
_DEMO = pathlib.Path("Policies/demo.yaml")


class RolloutCase(BrowserCase):
    seconds = 180

    def test_a_rollout_moves_the_page_to_a_stream_and_its_rollback_back_to_polling(self):
        service = self._crowded_service()
        prometheus = Prometheus(self._subfolder("prometheus"), service)
        self.addCleanup(prometheus.stop)
        policy = self._policy(service, prometheus)
        self._become(service, self._client_of_the_first_step(service))
        page = self.open(service)
        page.expect_state("polling")
        page.mark()
        page.create("of before")
        kept = page.expect_session("of before")
        eventually(
            "Prometheus has seen client-minutes twice",
            lambda: prometheus.value("max(count_over_time(client_minutes_total[1m]))") >= 2,
        )

        rollout = Program([built("tidegate"), "run", policy, "--reason", "browser"], self.folder / "run.log")
        self.addCleanup(rollout.kill)
        page.expect_state("live")
        self.assertTrue(page.is_marked, "the page has moved by itself")
        page.expect_session("of before", id=kept["id"])
        # The rollout has seen that this step is healthy, so that the rollback is for what follows.
        eventually(
            "streaming clients have healthy minutes",
            lambda: prometheus.value('sum(client_minutes_total{variant="sse"})') >= 20,
        )
        self.assertTrue(rollout.is_running, rollout.words)

        service.ask("/api/faults", "PUT", {"sse": 1})
        self.assertEqual(rollout.wait(within=90), 10, rollout.words)
        page.expect_state("polling")
        page.expect_same_list(service)
        page.expect_session("of before", id=kept["id"])
        page.create("of after")
        page.expect_session("of after")
        self.assertTrue(page.is_marked, "nothing was ever loaded again")

        status = Program([built("tidegate"), "status", policy], self.folder / "status.log")
        self.assertEqual(status.wait(), 10, "the rollback stands")

    def _subfolder(self, name):
        folder = self.folder / name
        folder.mkdir()
        return folder

    def _crowded_service(self):
        # No made-up changes: what the page lists is then what the case made.
        return self.service(
            "--simulate-clients", str(_CLIENTS), "--churn", "0", "--client-minute", "2s",
            percentage=None, poll="1s",
        )  # fmt: skip

    def _client_of_the_first_step(self, service):
        """A client that gets the treatment at 10 %, by the answer of the service itself."""
        probe = self.service(percentage=10)
        for number in range(500):
            client = f"page-{number}"
            if probe.ask(f"/api/assignment?client={client}").json["mode"] == "sse":
                probe.stop()
                return client
        raise AssertionError("none of 500 clients is among the first 10 %")

    def _become(self, service, client):
        cookie = {"name": "cid", "value": client, "url": service.url + "/", "httpOnly": True, "sameSite": "Lax"}
        self.browser.driver.execute_cdp_cmd("Network.setCookie", cookie)

    def _policy(self, service, prometheus):
        """The demo's policy, asking Prometheus, with steps that outlast what the case looks at."""
        text = _DEMO.read_text()
        for pattern, replacement in (
            (r"^  scrape:.*", f"  prometheus: {{url: {prometheus.url}, lag: 1s}}"),
            (r"bake: 8s", "bake: 60s"),
            (r"minimumSamples: 50", "minimumSamples: 20"),
            (r"\$\{DEMO_FOLDER:-/tmp/tidegate-demo\}/flags\.json", str(service.flags)),
            (r"\$\{DEMO_FOLDER:-/tmp/tidegate-demo\}", str(self.folder)),
        ):
            text, count = re.subn(pattern, lambda _: replacement, text, flags=re.MULTILINE)
            self.assertGreater(count, 0, f"{_DEMO} has no {pattern} any more")
        policy = self.folder / "policy.yaml"
        policy.write_text(text)
        return policy
