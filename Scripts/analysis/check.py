"""Replay a vector file through gate.py.

Usage: python check.py FILE            classic settings, e.g. comparison.json
       python check.py FILE --tuned    the program's own defaults, e.g. defaults.json
"""
import json
import sys
from gate import CLASSIC, TUNED, Gate


def replay(sequences, settings):
    """Largest relative error over all ticks; raises on any different decision."""
    worst, ticks = 0.0, 0
    for seq in sequences:
        cfg = {k: tuple(v) if isinstance(v, list) else v for k, v in seq["config"].items()}
        gate = Gate(settings, **cfg)
        for event in seq["events"]:
            if "start_step" in event:
                gate.start_step(**event["start_step"])
            elif "set_history" in event:
                gate.set_history(*event["set_history"])
            else:
                got = gate.feed(**event["tick"])
                want = event["expect"]
                ticks += 1
                assert got == want["decision"], (seq["name"], event, got)
                assert gate.incident == want.get("incident", False), (seq["name"], event)
                for key, found in gate.state().items():
                    if key in want:
                        err = abs(found - want[key]) / max(1.0, abs(want[key]))
                        worst = max(worst, err)
                        assert err < 1e-9, (seq["name"], key, found, want[key])
    return worst, ticks


if __name__ == "__main__":
    settings = TUNED if "--tuned" in sys.argv else CLASSIC
    with open(sys.argv[1], encoding="utf-8") as handle:
        data = json.load(handle)
    print("sequences %d, ticks %d, worst relative error %.2e" % (
        len(data["sequences"]), *reversed(replay(data["sequences"], settings))))
