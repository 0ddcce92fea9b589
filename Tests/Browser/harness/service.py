"""The session server, as a process of its own."""

import json
import pathlib
import re
import urllib.error
import urllib.request

from .programs import Program, built
from .waiting import Hopeless, eventually

_SAMPLE = re.compile(r"^(\w+)(?:\{(.*)\})? (\S+)$")
_LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')


class Answer:
    """What came back: a status, headers and bytes."""

    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body)


_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def ask(url, method="GET", body=None, headers=None, within=10):
    """One request, whatever the answer's status is."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, method=method, headers=headers or {})
    if data is not None:
        request.add_header("Content-Type", "application/json")
    try:
        with _direct.open(request, timeout=within) as answer:
            return Answer(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, error.headers, error.read())


class Service:
    """A session server on a free port, with a flag file that the case writes."""

    # What takes minutes takes seconds; the true times are tested without a browser.
    QUICK = {
        "--flag-poll": "100ms", "--poll": "500ms", "--ttl": "1s", "--ping": "1s",
        "--reassign-within": "300ms", "--drain": "500ms", "--first-event": "2s", "--probe": "1s",
        "--suspend": "60s",
        # Everything here comes from one address, and much more often than from a person's.
        "--requests-per-minute": "100000", "--assignments-per-minute": "100000",
        "--stream-openings-per-minute": "100000",
    }  # fmt: skip

    def __init__(self, folder, *options, percentage=100, **quick):
        """Starts it.

        percentage: the flag to begin with; None for no flag file.
        quick: other values of QUICK, with '_' for '-'; None leaves the server's default.
        """
        self.folder = pathlib.Path(folder)
        self.flags = self.folder / "flags.json"
        self._revision = 0
        changed = {"--" + name.replace("_", "-"): value for name, value in quick.items()}
        chosen = {**self.QUICK, **changed}
        self._options = [word for name, value in chosen.items() if value for word in (name, value)]
        self._options += options
        if percentage is not None:
            self.set_flag(percentage)
        self.port = 0
        self.start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    # As a process

    def start(self):
        """Starts it, on the port it had before if it had one."""
        command = [built("session-server"), "--flags", self.flags, "--port", self.port, *self._options]
        self.program = Program(command, self.folder / "session-server.log")
        self.port = eventually("the session server listens", self._listening_port)

    def _listening_port(self):
        found = re.search(r"^listening on http://.*:(\d+)$", self.program.words, re.MULTILINE)
        if not found and not self.program.is_running:
            raise Hopeless(f"the session server ended: {self.program.words[-2000:]}")
        return found and int(found[1])

    def ask_to_end(self):
        self.program.ask_to_end()

    def restart(self):
        """Another run on the same port: nothing of the first is left, not even its epoch."""
        self.program.kill()
        self.start()

    def stop(self):
        self.program.kill()

    # The flag

    def set_flag(self, percentage):
        """Publishes as the controller does: the whole file at once, with a higher revision."""
        self._revision += 1
        rollout = {
            "percentage": percentage, "salt": "sse", "algorithm": "flagd-v2", "revision": self._revision,
        }  # fmt: skip
        new = self.flags.with_suffix(".new")
        new.write_text(json.dumps({"sse": {"enabled": percentage > 0, "rollout": rollout}}))
        new.replace(self.flags)

    # Over HTTP

    def ask(self, path, method="GET", body=None, **more):
        return ask(self.url + path, method, body, **more)

    def create(self, name, command=("sleep", "60"), **more):
        """Makes a session and returns its id."""
        answer = self.ask("/api/sessions", "POST", {"name": name, "command": list(command)}, **more)
        assert answer.status == 201, f"creating was answered with {answer.status}: {answer.body!r}"
        return answer.json["id"]

    def rename(self, session, name):
        answer = self.ask(f"/api/sessions/{session}", "PATCH", {"name": name})
        assert answer.status == 200, f"renaming was answered with {answer.status}: {answer.body!r}"

    def terminate(self, session):
        answer = self.ask(f"/api/sessions/{session}", "DELETE")
        assert answer.status == 204, f"terminating was answered with {answer.status}: {answer.body!r}"

    @property
    def sessions(self):
        """The list as a polling client gets it."""
        return self.ask("/api/sessions").json["sessions"]

    def metric(self, name, **labels):
        """The sum of all series of a metric that carry these labels; 0 where there is none."""
        total = 0.0
        for line in self.ask("/metrics").body.decode().splitlines():
            sample = _SAMPLE.match(line)
            if sample and sample[1] == name:
                found = dict(_LABEL.findall(sample[2] or ""))
                if all(found.get(label) == value for label, value in labels.items()):
                    total += float(sample[3])
        return total

    @property
    def open_streams(self):
        return self.metric("sse_active_connections")
