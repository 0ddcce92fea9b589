"""Programs that run beside a case, and end with it."""

import ctypes
import os
import pathlib
import signal
import socket
import subprocess

_libc = ctypes.CDLL(None, use_errno=True)
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of prctl(2)


def die_with_parent():
    """Has the kernel end a child whose parent was killed."""
    _libc.prctl(_DIE_WITH_PARENT, signal.SIGKILL)


def free_port():
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def built(product):
    """Where a product of the debug build is."""
    folder = os.environ.get("TIDEGATE_BIN", "")
    path = pathlib.Path(folder, product)
    if not folder or not path.exists():
        raise AssertionError(f"there is no {product} in '{folder}'; Scripts/test-browser builds it")
    return str(path)


class Program:
    """A process whose words go to a log file."""

    def __init__(self, arguments, log):
        self.log = pathlib.Path(log)
        self.arguments = [str(argument) for argument in arguments]
        with self.log.open("ab") as output:
            self._begin = output.tell()
            self.process = subprocess.Popen(
                self.arguments,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                preexec_fn=die_with_parent,
            )

    @property
    def words(self):
        """What it has written since it was started."""
        with self.log.open("rb") as written:
            written.seek(self._begin)
            return written.read().decode(errors="replace")

    @property
    def is_running(self):
        return self.process.poll() is None

    def ask_to_end(self):
        """Sends SIGTERM, and does not wait."""
        if self.is_running:
            self.process.send_signal(signal.SIGTERM)

    def wait(self, within=30):
        """Its exit status."""
        return self.process.wait(timeout=within)

    def kill(self):
        if self.is_running:
            self.process.kill()
        self.process.wait(timeout=10)
