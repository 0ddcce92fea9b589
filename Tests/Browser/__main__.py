"""The cases in a real browser; Scripts/test-browser calls this."""

import argparse
import os
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import pictures
import runner


def main():
    parser = argparse.ArgumentParser(prog="Scripts/test-browser")
    parser.add_argument("-k", metavar="PATTERN", default="", help="only cases whose name holds this")
    parser.add_argument("-j", metavar="N", type=int, default=3, help="browsers side by side (default: 3)")
    parser.add_argument("--list", action="store_true", help="print the cases' names and run none")
    parser.add_argument("--failures", metavar="DIR", default=".build-browser/failures",
                        help="where pictures of failures go (default: %(default)s)")  # fmt: skip
    parser.add_argument("--screenshots", metavar="DIR", help="take pictures of the page, and run no case")
    options = parser.parse_args()

    if options.screenshots:
        for picture in pictures.take(pathlib.Path(options.screenshots)):
            print(picture)
        return 0

    wanted = options.k.replace("_", " ").lower()
    cases = [case for case in runner.all_cases() if wanted in runner.statement(case).lower()]
    if options.list:
        print("\n".join(runner.statement(case) for case in cases))
        return 0
    if not cases:
        print(f"error: no case's name holds '{options.k}'\nhint: Scripts/test-browser --list", file=sys.stderr)
        return 64

    began = time.monotonic()
    outcomes = runner.run(cases, max(1, options.j), os.path.abspath(options.failures), _tell)
    print(runner.summary(outcomes, time.monotonic() - began), end="")
    return int(any(outcome.status == "FAIL" for outcome in outcomes))


def _tell(outcome):
    note = f"  ({outcome.words})" if outcome.status == "skip" else ""
    print(f"{outcome.status:4} {outcome.seconds:5.1f} s  {outcome.name}{note}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
