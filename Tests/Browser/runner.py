"""Runs cases in several processes, each with a browser of its own."""

import io
import itertools
import multiprocessing
import os
import pathlib
import queue
import signal
import threading
import time
import unittest

from harness.case import BrowserCase, close_browser

_HERE = pathlib.Path(__file__).parent


class Outcome:
    def __init__(self, name, status, seconds, words=""):
        self.name, self.status, self.seconds, self.words = name, status, seconds, words


def statement(case):
    """The case's name as a sentence."""
    return case._testMethodName.removeprefix("test_").replace("_", " ")


def all_cases():
    """Every case, the longest first, so that none of them is left alone at the end."""

    def flat(suite):
        for member in suite:
            yield from flat(member) if isinstance(member, unittest.TestSuite) else [member]

    cases = list(flat(unittest.defaultTestLoader.discover(str(_HERE / "cases"), top_level_dir=str(_HERE))))
    return sorted(cases, key=lambda case: -getattr(case, "seconds", 0))


def run(cases, workers, screenshots, tell):
    """Runs all and tells each outcome as it comes; returns all of them."""
    waiting = queue.SimpleQueue()
    for case in cases:
        waiting.put(case)
    outcomes = []

    def serve():
        worker = None
        while True:
            try:
                case = waiting.get_nowait()
            except queue.Empty:
                break
            worker = worker if worker and worker.is_alive else _Worker(screenshots)
            outcome = worker.run(case)
            outcomes.append(outcome)
            tell(outcome)
        if worker:
            worker.end()

    threads = [threading.Thread(target=serve) for _ in range(min(workers, len(cases)))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


class _Worker:
    """A process that runs one case at a time, and is ended when one takes too long."""

    def __init__(self, screenshots):
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_work, args=(theirs, screenshots), daemon=True)
        self._process.start()
        theirs.close()
        self.is_alive = True

    def run(self, case):
        began = time.monotonic()
        name = statement(case)
        try:
            self._pipe.send(case.id())
            if self._pipe.poll(case.seconds):
                return Outcome(name, *self._pipe.recv())
            words = f"not finished after {case.seconds} s"
        except (EOFError, OSError) as error:
            words = f"its process ended: {error!r}"
        self.is_alive = False
        _kill_all(self._process.pid)
        return Outcome(name, "FAIL", time.monotonic() - began, words)

    def end(self):
        if self.is_alive:
            self._pipe.close()
            self._process.join(timeout=20)
            _kill_all(self._process.pid)


def _work(pipe, screenshots):
    BrowserCase.screenshots = screenshots
    try:
        while True:
            case_id = pipe.recv()
            pipe.send(_run_one(case_id))
    except (EOFError, OSError, KeyboardInterrupt):
        pass
    finally:
        close_browser()


def _run_one(case_id):
    began = time.monotonic()
    result = unittest.TestResult()
    suite = unittest.defaultTestLoader.loadTestsFromName(case_id)
    case = next(iter(suite)) if isinstance(suite, unittest.TestSuite) else suite
    case.run(result)
    seconds = time.monotonic() - began
    if result.skipped:
        return "skip", seconds, result.skipped[0][1]
    broken = [words for _, words in result.failures + result.errors]
    if not broken:
        return "ok", seconds, ""
    close_browser()
    return "FAIL", seconds, "\n".join(broken) + getattr(case, "clues", "")


def _kill_all(pid):
    """Ends a process of ours and everything it started."""
    for one in [pid, *_descendants(pid)]:
        try:
            os.kill(one, signal.SIGKILL)
        except ProcessLookupError:
            pass


def _descendants(pid):
    children = {}
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            # The name in parentheses may hold anything; what follows it does not.
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        children.setdefault(parent, []).append(int(stat.parent.name))
    found, level = [], [pid]
    while level:
        level = list(itertools.chain.from_iterable(children.get(one, []) for one in level))
        found += level
    return found


def summary(outcomes, seconds):
    """One line about all, and the failures' details before it."""
    text = io.StringIO()
    failed = [outcome for outcome in outcomes if outcome.status == "FAIL"]
    for outcome in failed:
        text.write(f"\n=== {outcome.name}\n{outcome.words.rstrip()}\n")
    passed = sum(outcome.status == "ok" for outcome in outcomes)
    skipped = len(outcomes) - passed - len(failed)
    text.write(f"\n{passed} passed, {len(failed)} failed, {skipped} skipped in {seconds:.0f} s\n")
    return text.getvalue()
