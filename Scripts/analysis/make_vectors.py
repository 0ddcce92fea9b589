"""Write defaults.json: tick sequences with what is expected after each tick (computed with 60 digits).

The gate is evaluated here a second time, in plain (not log) arithmetic with mpmath, independently of
gate.py; afterwards gate.py is replayed against the result.  Needs mpmath.

Usage: python make_vectors.py [output file]; without one, the file of the tests.
"""
from __future__ import annotations

import json
import random
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple

from mpmath import exp, log, mp, mpf, sqrt

from gate import BLIND, HOLD, PROMOTE, ROLLBACK, TUNED, Gate, Settings

mp.dps = 60
MARGIN = mpf("1e-7")          # no expected value may be this close to a threshold
TARGET = Path(__file__).resolve().parents[2] / "Tests/AnalysisTests/Vectors/defaults.json"
# Constants of the program, which are no settings there.
CONSTANTS = ("thin_control", "incident_memory", "incident_weight")
# Of the classic settings only.
UNUSED = ("w_tick",)

Event = Dict[str, Any]
Counts = Tuple[Optional[int], Optional[int], Optional[int], Optional[int]]


class PreciseGate:
    """The tuned gate written out with products and sums of e-values."""

    def __init__(self, s: Settings) -> None:
        if s.prior_r is None or s.w_offset is None or s.phi_band <= 0 or not s.incident_hold:
            raise ValueError("only the tuned form is written out here")
        self.s = s
        self.prior = [mpf(p) for p in s.prior_r]
        self.stakes = [mpf(0)] * len(self.prior)
        self.reserve = mpf(1)
        self.history = (mpf(0), mpf(0))
        self.history_ticks = mpf(s.phi0_ticks)
        self.past = (mpf(0), mpf(0))
        self.alarm = mpf(1)
        self.incident = False
        self.A = self.B = self.N = self.M = mpf(0)
        self.S, self.c, self.z = mpf(0), 0, None
        self.t = self.gap = 0
        self.log_e = self.log_p = mpf(0)
        self._dispersion()

    def _dispersion(self) -> None:
        """phi (promote process) and phi_e (rollback process, with the dead band)."""
        s = self.s
        weight = mpf(s.phi_prior)
        raw = (weight * mpf(s.phi0) + self.S) / (weight + self.c)
        self.phi = min(max(1 + mpf(s.phi_safety) * (raw - 1), mpf(1)), mpf(s.phi_max))
        edge = mpf(s.phi_band) * sqrt(3 * (weight ** 2 / self.history_ticks + self.c)) / (weight + self.c)
        if abs(raw - 1 - edge) < MARGIN:
            raise ValueError("dispersion too close to the edge of the dead band")
        self.phi_e = self.phi if raw - 1 > edge else mpf(1)

    def _bound(self, x: mpf, n: mpf, alpha: mpf, upper: bool) -> mpf:
        """Root q of n*KL(x/n, q) = log(1/alpha) + log(n)/2 + log 2 on one side of x/n."""
        if n <= 0:
            return mpf(1 if upper else 0)
        p = x / n
        budget = log(1 / alpha) + log(max(n, mpf(1))) / 2 + log(mpf(2))

        def divergence(q: mpf) -> mpf:
            return (p * log(p / q) if p > 0 else mpf(0)) + ((1 - p) * log((1 - p) / (1 - q)) if p < 1 else mpf(0))

        inside, outside = p, mpf(1 if upper else 0)
        for _ in range(220):
            q = (inside + outside) / 2
            if n * divergence(q) > budget:
                outside = q
            else:
                inside = q
        return (inside + outside) / 2

    def set_history(self, errors: float, requests: float, ticks: float) -> None:
        self.history = (mpf(errors), mpf(requests))
        if ticks > 0:
            self.history_ticks = mpf(ticks)
            part = min(mpf(1), mpf(self.s.incident_memory) / ticks)
            self.past = (part * errors, part * requests)
            self._dispersion()

    def start_step(self, frac: Optional[float], n_next: Optional[float], control: bool, final: bool,
                   slo: Optional[float]) -> None:
        s = self.s
        self.step_t = self.settled = 0
        self.final, self.p_begun, self.log_p = final, False, mpf(0)
        self.p_stakes, self.p_reserve = [mpf(0)] * len(s.grid_p), mpf(1)
        self.delta = mpf(s.delta_lo)
        if n_next:
            self.delta = min(max(mpf(s.harm_per_tick) / mpf(n_next), mpf(s.delta_lo)), mpf(s.delta_hi))
        self.q_r = self.q_p = None
        if slo is not None:
            self.q_r = self.q_p = mpf(slo)
            return
        old = (mpf(0), mpf(0)) if control and self.M > 0 else self.history
        x, y = (self.B + old[0]) / self.phi, (self.M + old[1]) / self.phi
        top = 1 - mpf("1e-9")
        if not control:
            upper = self._bound(x, y, mpf(s.frozen_share) * mpf(s.alpha), True)
            self.q_r = min(mpf(s.rho_frozen) * upper + mpf(s.delta_r), top)
        per_control = mpf(frac) / (1 - mpf(frac)) if control and frac and frac < 1 else mpf(0)
        if not control or (final and per_control >= s.thin_control and y > 0):
            lower = self._bound(x, y, mpf("0.2") * mpf(s.beta), False)
            self.q_p = min(mpf(s.rho_frozen) * lower + self.delta, top)

    @staticmethod
    def _versus_control(n: int, a: int, m: int, b: int, rho0: mpf, rho1: mpf, delta: mpf) -> mpf:
        if n == 0 or m == 0:
            return mpf(1)
        g = (n * rho1 + m) / (n * rho0 + m)
        r = rho1 / rho0 / g
        return r ** a * g ** (-b) * exp(-n * delta * (r - 1))

    @staticmethod
    def _versus_rate(n: int, a: int, q: mpf, psi: mpf) -> mpf:
        return psi ** a * (1 + q * (psi - 1)) ** (-n)

    def _watch(self, m: int, b: int) -> None:
        """The control against its own past; an incident takes what the promote process has won."""
        s = self.s
        errors, requests = self.past
        if requests > 0:
            rate = min(mpf(s.incident_tolerance) * (errors + mpf("0.5")) / (requests + 1), mpf("0.99"))
            grown = self.alarm * self._versus_rate(m, b, rate, mpf(s.incident_factor)) ** (1 / self.phi)
            self.alarm = min(max(grown, mpf(1)), exp(2 * mpf(s.incident_evidence)))
        self._away(log(self.alarm), mpf(s.incident_evidence))
        self.incident = self.alarm >= exp(mpf(s.incident_evidence))
        kept, weight = 1 - 1 / mpf(s.incident_memory), mpf(s.incident_weight) if self.incident else mpf(1)
        self.past = (errors * kept + b * weight, requests * kept + m * weight)
        if self.incident:
            won = max(mpf(1), sum(self.p_stakes) + self.p_reserve)
            self.p_stakes, self.p_reserve = [v / won for v in self.p_stakes], self.p_reserve / won
            self.settled = 0

    def _away(self, value: mpf, threshold: mpf) -> None:
        if abs(value - threshold) < MARGIN:
            raise ValueError("value too close to a threshold")

    def feed(self, n: Optional[int], a: Optional[int], m: Optional[int], b: Optional[int], valid: bool) -> str:
        s = self.s
        if not valid or None in (n, a, m, b) or n == 0 or a > n or b > m:
            self.gap += 1
            return BLIND if self.gap >= s.blind_limit else HOLD
        self.gap = 0
        self.t += 1
        self.step_t += 1
        self.settled += 1
        alpha = mpf(s.alpha)
        # rollback process: move a share of the reserve first, then pay the tick out
        share = mpf(s.w_start) if self.t == 1 else mpf(s.w_step) if self.step_t == 1 else 1 / (self.t + mpf(s.w_offset))
        moved = share * self.reserve
        self.reserve -= moved
        if n >= s.catastrophic_n:
            self._away(mpf(a), mpf(s.catastrophic) * n)
        limited = not (n >= s.catastrophic_n and a >= s.catastrophic * n)
        for j, g in enumerate(s.grid_r):
            e = (self._versus_rate(n, a, self.q_r, mpf(g)) if self.q_r is not None else
                 self._versus_control(n, a, m, b, mpf(s.rho_r), mpf(g) * mpf(s.rho_r), mpf(s.delta_r)))
            e = e ** (1 / self.phi_e)
            if limited:
                e = min(e, (1 / alpha) ** mpf(s.cap))
            self.stakes[j] = (self.stakes[j] + moved * self.prior[j]) * e
        self.log_e = log(sum(self.stakes) + self.reserve)
        # promote process
        if self.settled > s.warmup:
            share = mpf(1) / 60 if self.p_begun else mpf(s.wp_start)
            self.p_begun = True
            moved = share * self.p_reserve
            self.p_reserve -= moved
            for k, g in enumerate(s.grid_p):
                e = (self._versus_rate(n, a, self.q_p, mpf(g)) if self.q_p is not None else
                     self._versus_control(n, a, m, b, mpf(s.rho_p), mpf(g) * mpf(s.rho_p), self.delta))
                self.p_stakes[k] = (self.p_stakes[k] + moved / len(s.grid_p)) * e ** (1 / self.phi)
        # the control itself
        if m > 0:
            self._watch(m, b)
        self.log_p = log(sum(self.p_stakes) + self.p_reserve)
        # dispersion, for later ticks
        if m > 0:
            self.A, self.N, self.B, self.M = self.A + a, self.N + n, self.B + b, self.M + m
            k = a + b
            if k > 0:
                half = mpf("0.5")
                ratio = ((self.A + half) / self.N) / ((self.B + half) / self.M)
                theta = n * ratio / (n * ratio + m)
                z = (a - k * theta) / sqrt(k * theta * (1 - theta))
                if self.z is not None:
                    self.S += (z - self.z) ** 2 / 2
                    self.c += 1
                self.z = z
                self._dispersion()
        for value, threshold in ((self.log_e, log(1 / ((1 - mpf(s.frozen_share)) * alpha))),
                                 (self.log_e, log(mpf(s.caution))), (self.log_p, log(1 / mpf(s.beta)))):
            self._away(value, threshold)
        if self.log_e >= log(1 / ((1 - mpf(s.frozen_share)) * alpha)):
            return ROLLBACK
        baked = self.settled >= (s.final_bake if self.final else s.min_bake)
        if baked and not self.incident and self.log_p >= log(1 / mpf(s.beta)) and self.log_e < log(mpf(s.caution)):
            return PROMOTE
        return HOLD


# ---------------------------------------------------------------------------------------------
# Traffic
# ---------------------------------------------------------------------------------------------
def binomial(rng: random.Random, n: int, p: float) -> int:
    """Number of successes in n draws."""
    return sum(rng.random() < p for _ in range(n))


def clustered(rng: random.Random, n: int, p: float, size: float) -> int:
    """Errors in geometric clusters of the given mean size."""
    total = 0
    for _ in range(binomial(rng, n, p / size)):
        total += 1
        while rng.random() > 1.0 / size:
            total += 1
    return min(total, n)


Rates = Callable[[int, int], Tuple[float, float]]      # (tick, step) -> (treated, control) error rate


def traffic(seed: int, per_tick: int, rates: Rates, cluster: float = 1.0,
            missing: Sequence[int] = (), no_control: Sequence[int] = (),
            no_treated: Sequence[int] = ()) -> Callable[[int, int, float], Tuple[Counts, bool]]:
    """Source of ticks: counts for (tick, step, share treated)."""
    rng = random.Random(seed)

    def tick(t: int, step: int, frac: float) -> Tuple[Counts, bool]:
        total = per_tick + rng.randint(-per_tick // 20, per_tick // 20)
        n = total if frac >= 1 else binomial(rng, total, frac)
        m = total - n
        p_treated, p_control = rates(t, step)
        draw = (lambda k, p: binomial(rng, k, p)) if cluster <= 1 else (lambda k, p: clustered(rng, k, p, cluster))
        a, b = draw(n, p_treated), draw(m, p_control)
        if t in missing:
            return (None, None, None, None), False
        if t in no_control:
            m = b = 0
        if t in no_treated:
            n = a = 0
        return (n, a, m, b), True

    return tick


def sequence(name: str, config: Dict[str, Any], shares: Sequence[float], per_tick: int, ticks: int,
             source: Callable[[int, int, float], Tuple[Counts, bool]],
             history: Optional[Tuple[int, int, int]] = None, slo: Optional[float] = None) -> Dict[str, Any]:
    """Run one rollout: go to the next share at each promotion, stop at a final verdict or after ``ticks``."""
    gate = PreciseGate(replace(TUNED, **config))
    events: List[Event] = []
    if history is not None:
        gate.set_history(*history)
        events.append({"set_history": list(history)})

    def open_step(index: int) -> None:
        share = shares[index]
        following = shares[min(index + 1, len(shares) - 1)]
        step = {"frac": share, "n_next": float(per_tick * following), "control": share < 1,
                "final": index == len(shares) - 1, "slo": slo}
        gate.start_step(**step)
        events.append({"start_step": step})

    step = 0
    open_step(step)
    for t in range(ticks):
        (n, a, m, b), valid = source(t, step, shares[step])
        decision = gate.feed(n, a, m, b, valid)
        events.append({"tick": {"n": n, "a": a, "m": m, "b": b, "valid": valid},
                       "expect": {"decision": decision, "log_e": float(gate.log_e), "log_p": float(gate.log_p),
                                  "phi": float(gate.phi), "phi_e": float(gate.phi_e),
                                  "watch": float(log(gate.alarm)), "incident": gate.incident}})
        if decision in (ROLLBACK, BLIND) or (decision == PROMOTE and step == len(shares) - 1):
            break
        if decision == PROMOTE:
            step += 1
            open_step(step)
    return {"name": name, "config": config, "events": events}


def constant(treated: float, control: float) -> Rates:
    return lambda t, step: (treated, control)


def all_sequences() -> List[Dict[str, Any]]:
    """The sequences of the file; the ladder is 10/50/95 % unless a name says otherwise."""
    ladder, open_end = (0.10, 0.50, 0.95), (0.10, 0.50, 1.0)
    base = 0.005

    def ramp(t: int, step: int) -> Tuple[float, float]:
        return base * (1 + 4 * min(1.0, t / 20)), base

    def incident(t: int, step: int) -> Tuple[float, float]:
        p = base * (10 if 3 <= t < 9 else 1)
        return p, p

    def burning(t: int, step: int) -> Tuple[float, float]:
        p = base * (10 if 6 <= t < 14 else 1)
        return p, p

    def burdened(t: int, step: int) -> Tuple[float, float]:
        added = 0.05 if 2 <= t < 12 else 0.0
        return 2 * base + added, base + added

    def late(t: int, step: int) -> Tuple[float, float]:
        return base * (6 if step >= 1 else 1), base

    def last(t: int, step: int) -> Tuple[float, float]:
        return base * (6 if step >= 2 else 1), base

    return [
        sequence("healthy, 0.5 %, 6000 a tick", {}, ladder, 6000, 60, traffic(1, 6000, constant(base, base))),
        sequence("healthy, 0.5 %, 60 a tick", {}, ladder, 60, 20, traffic(2, 60, constant(base, base))),
        sequence("x2, 0.5 %, 3000 a tick", {}, ladder, 3000, 60, traffic(3, 3000, constant(2 * base, base))),
        sequence("x5, 0.1 %, 1200 a tick", {}, ladder, 1200, 60, traffic(4, 1200, constant(0.005, 0.001))),
        sequence("x5, 2 %, 60 a tick, phi0 = 3", {"phi0": 3.0}, ladder, 60, 60, traffic(5, 60, constant(0.10, 0.02))),
        sequence("all failing, 60 a tick", {}, ladder, 60, 10, traffic(6, 60, constant(1.0, base))),
        sequence("ramp to x5, 1200 a tick", {}, ladder, 1200, 40, traffic(7, 1200, ramp)),
        sequence("bursts, phi0 = 3", {"phi0": 3.0}, ladder, 1200, 25,
                 traffic(8, 1200, constant(base, base), cluster=4.0)),
        sequence("mild bursts, phi0 = 1, leaves the dead band", {"phi0": 1.0}, ladder, 3000, 25,
                 traffic(9, 3000, constant(base, base), cluster=1.7)),
        sequence("slightly bursty, phi0 = 1.2 from 24 h", {"phi0": 1.2}, ladder, 3000, 25,
                 traffic(16, 3000, constant(base, base), cluster=1.1), history=(21600, 4320000, 1440)),
        sequence("incident in both arms", {}, ladder, 3000, 40, traffic(10, 3000, incident)),
        sequence("quiet: no errors, ticks missing, an arm empty", {}, ladder, 30, 20,
                 traffic(11, 30, constant(0.0, 0.004), missing=(4, 5), no_control=(8, 9), no_treated=(12,))),
        sequence("x6 from the 50 % step", {}, ladder, 1200, 60, traffic(12, 1200, late)),
        sequence("no control at the last step, healthy, with history", {}, open_end, 6000, 40,
                 traffic(13, 6000, constant(base, base)), history=(1500, 300000, 0)),
        sequence("no control at the last step, x6 there, with history", {}, open_end, 6000, 50,
                 traffic(14, 6000, last), history=(1500, 300000, 0)),
        sequence("x10 in both arms for 8 ticks, then quiet, after 24 h", {}, ladder, 1200, 90,
                 traffic(17, 1200, burning), history=(8640, 1728000, 1440)),
        sequence("5 % more in both arms for 10 ticks beside x2, after 24 h", {}, ladder, 1200, 90,
                 traffic(18, 1200, burdened), history=(8640, 1728000, 1440)),
        sequence("the same without a past", {}, ladder, 1200, 90, traffic(19, 1200, burdened)),
        sequence("one last step of 10 % without a past: beside the control", {}, (0.10,), 6000, 60,
                 traffic(20, 6000, constant(base, base))),
        sequence("10/50 %, the last beside half the clients", {}, (0.10, 0.50), 1200, 90,
                 traffic(21, 1200, constant(base, base)), history=(8640, 1728000, 1440)),
        sequence("one last step of 95 %, with history", {}, (0.95,), 6000, 40,
                 traffic(22, 6000, constant(base, base)), history=(43200, 8640000, 1440)),
        sequence("one last step of 82 %: the control is thin", {}, (0.82,), 1200, 12,
                 traffic(23, 1200, constant(base, base)), history=(8640, 1728000, 1440)),
        sequence("one last step of 78 %: it is not", {}, (0.78,), 1200, 12,
                 traffic(24, 1200, constant(base, base)), history=(8640, 1728000, 1440)),
        sequence("against an objective of 1 %, x2.5", {}, (1.0,), 600, 30,
                 traffic(15, 600, constant(0.025, 0.0)), slo=0.01),
    ]


def verify(sequences: Sequence[Dict[str, Any]]) -> Tuple[int, float]:
    """Replay gate.py; number of ticks and largest relative error."""
    ticks, worst = 0, 0.0
    for seq in sequences:
        gate = Gate(TUNED, **seq["config"])
        for event in seq["events"]:
            if "start_step" in event:
                gate.start_step(**event["start_step"])
            elif "set_history" in event:
                gate.set_history(*event["set_history"])
            else:
                ticks += 1
                decision, want = gate.feed(**event["tick"]), event["expect"]
                if decision != want["decision"]:
                    raise AssertionError((seq["name"], event, decision))
                if gate.incident != want["incident"]:
                    raise AssertionError((seq["name"], event))
                for key, got in gate.state().items():
                    worst = max(worst, abs(got - want[key]) / max(1.0, abs(want[key])))
    return ticks, worst


def rendered(meta: Dict[str, Any], sequences: Sequence[Dict[str, Any]]) -> str:
    """JSON with one event on each line."""
    def line(value: Any) -> str:
        return json.dumps(value, separators=(",", ":"))

    blocks = []
    for seq in sequences:
        head = '{"name":%s,"config":%s,"events":[' % (line(seq["name"]), line(seq["config"]))
        blocks.append(head + "\n" + ",\n".join(line(event) for event in seq["events"]) + "\n]}")
    return '{\n"meta":%s,\n"sequences":[\n%s\n]}\n' % (line(meta), ",\n".join(blocks))


def main(path: Path) -> None:
    sequences = all_sequences()
    ticks, worst = verify(sequences)
    if worst > 1e-9:
        raise AssertionError("gate.py differs by %g" % worst)
    settings = asdict(TUNED)
    meta = {
        "about": "What a comparison with default settings makes of counts: natural logarithms, computed with "
                 "%d decimal digits and rounded to doubles. A result agrees within abs + rel * |expected|." % mp.dps,
        "tolerance": {"abs": 1e-9, "rel": 1e-9},
        "settings": {k: v for k, v in settings.items() if k not in CONSTANTS + UNUSED},
        "constants": {k: settings[k] for k in CONSTANTS},
        "set_history": "errors, requests and ticks of the control before the rollout; 0 ticks = nobody knows",
        "phi": "divisor of the promote process and of what is known of the control, for the next tick",
        "phi_e": "divisor of the rollback process (dead band), for the next tick",
        "watch": "evidence that the control fails more often than it used to, in nats",
        "incident": "the control fails far more often than it used to: nothing is promoted",
        "threshold_margin": float(MARGIN),
        "ticks": ticks,
    }
    with open(path, "w", encoding="utf-8") as handle:
        handle.write(rendered(meta, sequences))
    for seq in sequences:
        seen = [e["expect"] for e in seq["events"] if "expect" in e]
        print("%-55s %3d ticks  %s" % (seq["name"], len(seen), seen[-1]))
    print("%d sequences, %d ticks, gate.py differs by at most %.1e" % (len(sequences), ticks, worst))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET)
