"""A real Prometheus that reads a service's metrics every second."""

import json
import pathlib
import re
import urllib.parse

from .programs import Program
from .service import ask
from .waiting import Hopeless, eventually

_CONFIGURATION = """
global: {{scrape_interval: 1s, scrape_timeout: 1s}}
scrape_configs:
  - job_name: service
    static_configs: [{{targets: ["127.0.0.1:{port}"]}}]
"""


class Prometheus:
    def __init__(self, folder, service):
        folder = pathlib.Path(folder)
        configuration = folder / "prometheus.yml"
        configuration.write_text(_CONFIGURATION.format(port=service.port))
        command = [
            "prometheus", f"--config.file={configuration}", f"--storage.tsdb.path={folder / 'data'}",
            "--web.listen-address=127.0.0.1:0",
        ]  # fmt: skip
        self.program = Program(command, folder / "prometheus.log")
        # Port 0 is a free one; the log says which.
        self.url = "http://" + eventually("Prometheus listens", self._address)
        eventually("Prometheus is ready", lambda: ask(self.url + "/-/ready").status == 200)

    def _address(self):
        found = re.search(r'msg="Listening on" address=([0-9.:]+)', self.program.words)
        if not found and not self.program.is_running:
            raise Hopeless(f"Prometheus ended: {self.program.words[-2000:]}")
        return found and found[1]

    def value(self, expression):
        """The number that an expression has now; 0 where it has none."""
        answer = ask(self.url + "/api/v1/query?" + urllib.parse.urlencode({"query": expression}))
        result = json.loads(answer.body)["data"]["result"]
        return float(result[0]["value"][1]) if result else 0.0

    def stop(self):
        self.program.kill()
