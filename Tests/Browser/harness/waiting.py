"""Waiting for something to become true, and never for time to pass."""

import time

GENEROUS = 30.0
"""Seconds: far more than anything here takes on a quiet machine."""


class Hopeless(Exception):
    """What is waited for cannot happen any more."""


def eventually(what, question, within=GENEROUS):
    """Asks again and again until the answer is true, and returns it.

    An error counts as "not yet", unless it is Hopeless. Fails with the last answer, or the last error.

    what: ends the sentence "did not happen in time: …".
    within: seconds.
    """
    deadline = time.monotonic() + within
    while True:
        try:
            answer = question()
        except Hopeless:
            raise
        except Exception as error:  # what breaks while things start and stop
            # A driver's errors carry the addresses of its own functions.
            words = str(error).partition("\nStacktrace:")[0]
            answer, last = None, f"{type(error).__name__}: {words}"
        else:
            last = repr(answer)
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"did not happen within {within:.0f} s: {what}; last: {last}")
        time.sleep(0.05)


def throughout(what, question, during):
    """Asks again and again, and fails as soon as the answer is not true.

    For what must not happen; the time is the longest that it would take.
    """
    deadline = time.monotonic() + during
    while time.monotonic() < deadline:
        answer = question()
        if not answer:
            raise AssertionError(f"did not stay true for {during:.1f} s: {what}; got {answer!r}")
        time.sleep(0.05)
