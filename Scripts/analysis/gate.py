"""Sequential rollout gate: decide after every scrape whether to roll back, promote or keep waiting.

Standard library only.  One ``Gate`` watches one metric.  Every tick brings four counts: treated
requests and errors, control requests and errors.  Two betting processes run side by side:

* the rollback process bets against "the flag does no harm";
* the promote process, renewed at each step, bets against "the flag does at least this much harm".

A betting process that is a non-negative supermartingale started at 1 under its null exceeds 1/alpha
with probability at most alpha, however often it is looked at (Ville's inequality).  Log wealth is
kept throughout, so nothing overflows.

Two complete settings are given.  ``CLASSIC`` has uniform prior weights, a geometric restart schedule,
no dead band and no watch for incidents; every last step is held against the past.  ``TUNED`` has what the
program does unless a policy says otherwise: it detects regressions about a tenth sooner at the same
guarantees, and promotes nothing while the control itself fails far more often than it used to.
"""
from __future__ import annotations

from dataclasses import dataclass, replace
from math import exp, expm1, inf, isfinite, log, log1p, sqrt
from typing import Dict, Iterable, List, Optional, Sequence, Tuple

HOLD, PROMOTE, ROLLBACK, BLIND = "hold", "promote", "rollback", "rollback_blind"


# ---------------------------------------------------------------------------------------------
# Log-domain sums
# ---------------------------------------------------------------------------------------------
def log_sum(terms: Iterable[float]) -> float:
    """log(sum(exp(t))) by the usual shift by the maximum; -inf for an empty or all-zero sum."""
    values = [t for t in terms if t > -inf]
    if not values:
        return -inf
    top = max(values)
    return top + log(sum(exp(v - top) for v in values))


def log_or_ninf(x: float) -> float:
    """Natural logarithm, with log(0) = -inf."""
    return log(x) if x > 0.0 else -inf


# ---------------------------------------------------------------------------------------------
# E-values of one tick
# ---------------------------------------------------------------------------------------------
def two_arm_log_e(a: float, n: float, b: float, m: float,
                  rho0: float, rho1: float, delta: float = 0.0) -> float:
    """Log e-value of one tick, treated (a errors of n) against concurrent control (b of m).

    With rho1 > rho0 it is evidence against pT <= rho0*pC + delta, with rho1 < rho0 against
    pT >= rho0*pC + delta.  It is the Poisson likelihood ratio of the treated share of the errors;
    1 + x <= exp(x) applied to every request makes its mean at most 1 for independent requests,
    whatever pC is.  A tick without one of the arms carries no evidence.
    """
    if n <= 0 or m <= 0:
        return 0.0
    per_control = log1p(n * (rho1 - rho0) / (n * rho0 + m))
    per_treated = log(rho1 / rho0) - per_control
    margin = n * delta * expm1(per_treated) if delta else 0.0
    return a * per_treated - b * per_control - margin


def one_arm_log_e(a: float, n: float, q0: float, psi: float) -> float:
    """Log e-value of one tick against p <= q0 (psi > 1) or p >= q0 (psi < 1).

    psi per error, divided by its largest mean under the null (arithmetic-geometric mean inequality).
    """
    return a * log(psi) - n * log1p(q0 * (psi - 1.0)) if n > 0 else 0.0


def combine_mean(log_es: Sequence[float], weights: Optional[Sequence[float]] = None) -> float:
    """Weighted mean of e-values: an e-value again, under any dependence between the metrics."""
    w = [1.0 / len(log_es)] * len(log_es) if weights is None else list(weights)
    return log_sum(x + log_or_ninf(y) for x, y in zip(log_es, w))


# ---------------------------------------------------------------------------------------------
# Bounds and estimates
# ---------------------------------------------------------------------------------------------
def kl_bernoulli(p: float, q: float) -> float:
    """Kullback-Leibler divergence of Bernoulli(p) from Bernoulli(q)."""
    if not 0.0 < q < 1.0:
        return 0.0 if p == q else inf
    hit = p * log(p / q) if p > 0.0 else 0.0
    miss = (1.0 - p) * log((1.0 - p) / (1.0 - q)) if p < 1.0 else 0.0
    return hit + miss


def any_time_bound(x: float, n: float, alpha: float, upper: bool) -> float:
    """Anytime-valid bound on a proportion after x errors in n requests.

    Solves n*KL(x/n, q) = log(1/alpha) + log(n)/2 + log 2 for q by bisection; the right-hand side is
    the regret of the Krichevsky-Trofimov mixture, so the bound holds at all n at once.
    """
    if n <= 0:
        return 1.0 if upper else 0.0
    centre = min(max(x / n, 0.0), 1.0)
    budget = log(1.0 / alpha) + 0.5 * log(max(n, 1.0)) + log(2.0)
    near, far = centre, (1.0 if upper else 0.0)
    for _ in range(200):
        middle = 0.5 * (near + far)
        if n * kl_bernoulli(centre, middle) > budget:
            far = middle
        else:
            near = middle
    return 0.5 * (near + far)


def wald_bound(n: float, p_treated: float, m: float, p_control: float,
               alpha: float, beta: float = 0.0) -> float:
    """Least expected number of ticks of any level-alpha test of pT <= pC with power 1 - beta (Wald).

    n and m are requests per tick; the information per tick is the divergence from the closest point
    of the null, the pooled rate.
    """
    pooled = (n * p_treated + m * p_control) / (n + m)
    info = n * kl_bernoulli(p_treated, pooled) + m * kl_bernoulli(p_control, pooled)
    if info <= 0.0:
        return inf
    need = log(1.0 / alpha)
    if beta > 0.0:
        need = (1.0 - beta) * log((1.0 - beta) / alpha) + beta * log(beta / (1.0 - alpha))
    return need / info


def phi_from_history(ticks: Iterable[Tuple[float, float]], low: float = 1.0, high: float = 200.0) -> float:
    """Dispersion of (errors, requests) ticks from successive differences (von Neumann); 1 = binomial."""
    kept = [(x, y) for x, y in ticks if y > 0]
    errors, requests = sum(x for x, _ in kept), sum(y for _, y in kept)
    if len(kept) < 2 or errors <= 0 or errors >= requests:
        return low
    rate = errors / requests
    total = 0.0
    for (x0, y0), (x1, y1) in zip(kept, kept[1:]):
        total += (x1 / y1 - x0 / y0) ** 2 / (rate * (1.0 - rate) * (1.0 / y0 + 1.0 / y1))
    return min(max(total / (len(kept) - 1), low), high)


def counter_delta(before: Optional[float], now: Optional[float]) -> Optional[float]:
    """Increase of a raw counter; after a reset the new value, None if it cannot be known."""
    for value in (before, now):
        if value is None or not isfinite(value) or value < 0:
            return None
    return now - before if now >= before else now


# ---------------------------------------------------------------------------------------------
# Settings
# ---------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Settings:
    """All constants of the gate.  The defaults are the classic ones."""
    alpha: float = 0.01                  # false rollbacks per rollout
    beta: float = 0.05                   # wrong promotions per step
    frozen_share: float = 0.1            # part of alpha kept for the bound on a frozen baseline
    rho_r: float = 1.0                   # rollback null: pT <= rho_r*pC + delta_r
    delta_r: float = 0.0
    rho_p: float = 1.5                   # promote null: pT >= rho_p*pC + delta_p
    rho_frozen: float = 2.0              # tolerance of both tests against a frozen baseline
    delta_lo: float = 0.0005             # delta_p = clip(harm_per_tick / n_next, delta_lo, delta_hi)
    delta_hi: float = 0.01
    harm_per_tick: float = 1.0
    grid_r: Tuple[float, ...] = (1.5, 2.2, 3.5, 8.0, 30.0)
    prior_r: Optional[Tuple[float, ...]] = None      # weights over grid_r, sum 1; None = uniform
    grid_p: Tuple[float, ...] = (0.05, 0.2, 0.4, 0.6, 0.8)
    w_start: float = 0.7                 # shares of the reserve staked on the first tick,
    w_step: float = 0.25                 # on the first tick of a later step,
    w_tick: float = 1.0 / 60.0           # and on any other tick, unless ...
    w_offset: Optional[float] = None     # ... this is set: then 1/(t + w_offset), t = valid ticks so far
    wp_start: float = 0.85
    wp_tick: float = 1.0 / 60.0
    cap: float = 1.0                     # one tick multiplies by at most (1/alpha)**cap; 0 = no cap,
    catastrophic: float = 0.25           # nor if this share of the treated requests failed
    catastrophic_n: float = 10
    phi0: float = 1.0                    # dispersion before the rollout
    phi_prior: float = 30.0              # its weight in ticks
    phi_safety: float = 1.3
    phi_min: float = 1.0
    phi_max: float = 200.0
    phi_band: float = 0.0                # dead band of the rollback process, in standard errors
    phi0_ticks: float = 60.0             # ticks of history phi0 was estimated from, where nobody knows
    adaptive_phi: bool = True
    warmup: int = 1
    min_bake: int = 5
    final_bake: int = 10
    caution: float = 10.0                # no promotion while the rollback e-value is this large
    blind_limit: int = 30
    silent_ticks: int = 5
    silent_expected: float = 30.0
    thin_control: float = 0.0            # from so many treated requests per control request on, a last
                                         # step's promote test uses what the control did before
    incident_hold: bool = False          # whether incidents of the control stop promotions
    incident_tolerance: float = 1.5      # times its past rate that the control may fail by the hour
    incident_factor: float = 4.0         # times that the watch is most sensitive to
    incident_evidence: float = 2.5       # nats that are an incident
    incident_memory: float = 120.0       # ticks after which what was counted weighs a third
    incident_weight: float = 0.1         # weight of a tick of an incident in that memory


CLASSIC = Settings()
TUNED = replace(CLASSIC, frozen_share=0.02, prior_r=(0.20, 0.25, 0.25, 0.20, 0.10),
                w_start=0.85, w_step=0.6, w_offset=30.0, phi_band=1.5, thin_control=4.0, incident_hold=True)


# ---------------------------------------------------------------------------------------------
# Building blocks
# ---------------------------------------------------------------------------------------------
class Wealth:
    """A capital of 1 spread over alternatives, with a reserve that buys later starts.

    At each tick a predictable share of the reserve moves to the alternatives (in fixed proportions)
    before the tick is paid out.  The total is a mixture of products of e-values: a supermartingale.
    """

    def __init__(self, prior: Sequence[float]) -> None:
        self.log_prior = [log_or_ninf(p) for p in prior]
        self.log_stakes = [-inf] * len(self.log_prior)
        self.reserve = 1.0

    def play(self, share: float, log_payouts: Sequence[float]) -> None:
        """Move ``share`` of the reserve to the alternatives, then multiply each by its payout."""
        moved = share * self.reserve
        self.reserve -= moved
        log_moved = log_or_ninf(moved)
        self.log_stakes = [log_sum((stake, log_moved + prior)) + payout for stake, prior, payout
                           in zip(self.log_stakes, self.log_prior, log_payouts)]

    def forget_gains(self) -> None:
        """Give away what was won and keep what was lost: a supermartingale stays one."""
        gained = max(0.0, self.log_total())
        self.log_stakes = [stake - gained for stake in self.log_stakes]
        self.reserve *= exp(-gained)

    def log_total(self) -> float:
        """Log of the whole capital, reserve included."""
        return log_sum(self.log_stakes + [log_or_ninf(self.reserve)])


class Dispersion:
    """Running estimate of how much more the split of errors varies than independence allows.

    Half the squared successive difference of the standardised treated share has mean 1 under
    independence; the running mean is shrunk towards phi0.  Only past ticks enter a divisor.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.history_ticks = settings.phi0_ticks
        self.total = 0.0
        self.count = 0
        self.last: Optional[float] = None
        self.raw = settings.phi0

    def divisor(self) -> float:
        """Divisor of log evidence with the safety factor, at least 1 (promote process, bounds)."""
        s = self.settings
        return min(max(1.0 + s.phi_safety * (self.raw - 1.0), s.phi_min, 1.0), s.phi_max)

    def standard_error(self) -> float:
        """Standard error of ``raw`` for independent requests: squared differences have variance 3 a tick."""
        s = self.settings
        return sqrt(3.0 * (s.phi_prior ** 2 / self.history_ticks + self.count)) / (s.phi_prior + self.count)

    def banded_divisor(self) -> float:
        """Divisor of the rollback process: phi_min while ``raw`` cannot be told from 1."""
        s = self.settings
        if s.phi_band > 0.0 and self.raw - 1.0 <= s.phi_band * self.standard_error():
            return max(s.phi_min, 1.0)
        return self.divisor()

    def observe(self, n: float, a: float, m: float, b: float, ratio: float) -> None:
        """Add one tick with at least one error; ``ratio`` estimates pT/pC from all ticks so far."""
        expected = n * ratio + m
        score = (a * m - b * n * ratio) / expected
        z = score / sqrt((a + b) * (n * ratio / expected) * (m / expected))
        if self.last is not None:
            self.total += 0.5 * (z - self.last) ** 2
            self.count += 1
        self.last = z
        s = self.settings
        self.raw = (s.phi_prior * s.phi0 + self.total) / (s.phi_prior + self.count)


class IncidentWatch:
    """Cumulative sum of evidence that the control fails more often than it used to (Page 1954).

    The memory of the control's rate fades, ticks of an incident entering it with little weight: an
    incident does not become the rule in minutes, after hours it is one.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.errors = self.requests = 0.0
        self.evidence = 0.0

    def remember(self, errors: float, requests: float, ticks: float) -> None:
        """Begin with what the control counted in so many ticks; 0 = nobody knows how many."""
        part = min(1.0, self.settings.incident_memory / ticks) if ticks > 0 else 0.0
        self.errors, self.requests = errors * part, requests * part

    def observe(self, b: float, m: float, phi: float) -> None:
        """Add one tick of the control."""
        s = self.settings
        if self.requests > 0:
            rate = min(s.incident_tolerance * (self.errors + 0.5) / (self.requests + 1.0), 0.99)
            gained = one_arm_log_e(b, m, rate, s.incident_factor) / phi
            self.evidence = min(max(self.evidence + gained, 0.0), 2.0 * s.incident_evidence)
        kept = 1.0 - 1.0 / s.incident_memory
        weight = s.incident_weight if self.on() else 1.0
        self.errors = self.errors * kept + b * weight
        self.requests = self.requests * kept + m * weight

    def on(self) -> bool:
        """Whether there is an incident now."""
        return self.evidence >= self.settings.incident_evidence


def usable(counts: Sequence[Optional[float]]) -> bool:
    """True if (n, a, m, b) are finite, non-negative and no arm has more errors than requests."""
    if any(x is None or not isfinite(x) or x < 0 for x in counts):
        return False
    n, a, m, b = counts
    return a <= n and b <= m


# ---------------------------------------------------------------------------------------------
# The gate
# ---------------------------------------------------------------------------------------------
class Gate:
    """State machine of one metric: ``start_step`` when the percentage changes, ``feed`` each tick.

    After ``feed`` the attributes log_e, log_p (log wealth of the two processes), phi (divisor of the
    promote process for the next tick), phi_e (divisor of the rollback process) and incident are up to date.
    """

    def __init__(self, settings: Settings = TUNED, **changes) -> None:
        s = replace(settings, **changes)
        self.settings = s
        size = len(s.grid_r)
        self.rollback = Wealth(s.prior_r if s.prior_r is not None else [1.0 / size] * size)
        self.dispersion = Dispersion(s)
        self.watch = IncidentWatch(s)
        self.history = (0.0, 0.0)
        self.errors_t = self.errors_c = self.requests_t = self.requests_c = 0.0
        self.calm = (0.0, 0.0)                             # the control's, but for ticks of incidents
        self.ticks = 0
        self.missing = 0
        self.log_e = 0.0
        self._open_step()
        self.delta_p = s.delta_hi

    @property
    def phi(self) -> float:
        """Divisor of the promote process."""
        return self.dispersion.divisor()

    @property
    def phi_e(self) -> float:
        """Divisor of the rollback process."""
        return self.dispersion.banded_divisor()

    @property
    def incident(self) -> bool:
        """Whether the control itself fails far more often than it used to."""
        return self.settings.incident_hold and self.split > 0 and self.watch.on()

    def state(self) -> Dict[str, float]:
        """The numbers that a vector file holds after each tick."""
        return {"log_e": self.log_e, "log_p": self.log_p, "phi": self.phi, "phi_e": self.phi_e,
                "watch": self.watch.evidence}

    def set_history(self, errors: float, requests: float, ticks: float = 0.0) -> None:
        """Control-group counts from before the rollout, in so many ticks; 0 = nobody knows how many."""
        self.history = (float(errors), float(requests))
        self.dispersion.history_ticks = ticks if ticks > 0 else self.settings.phi0_ticks
        self.watch.remember(float(errors), float(requests), ticks)

    def _known(self, control: bool) -> Tuple[float, float]:
        """Errors and requests of the control so far, but for incidents: the rollout's own while it still
        has a control, for what was before it may have been another hour's traffic."""
        errors, requests = self.calm
        if control and requests > 0:
            return errors, requests
        return errors + self.history[0], requests + self.history[1]

    def _open_step(self) -> None:
        size = len(self.settings.grid_p)
        self.promotion = Wealth([1.0 / size] * size)
        self.promotion_has_bet = False
        self.step_ticks = 0
        self.settled_ticks = 0                             # begun anew by an incident
        self.final = False
        self.split = 0.0                                   # expected treated requests per control request
        self.silent = 0
        self.silent_mass = 0.0
        self.limit_r: Optional[float] = None               # fixed rates instead of the control arm
        self.limit_p: Optional[float] = None
        self.log_p = 0.0

    def start_step(self, frac: Optional[float] = None, n_next: Optional[float] = None,
                   control: bool = True, final: bool = False, slo: Optional[float] = None) -> None:
        """Begin a step with share ``frac`` treated; n_next = treated requests per tick of the next one.

        ``slo`` tests against a fixed rate.  Without ``control`` the rollback null becomes
        p <= rho_frozen * U, and without control or at a final step with a thin one the promote null
        becomes p >= rho_frozen * L + delta_p, with U and L anytime bounds on the control rate so far.
        """
        s = self.settings
        self._open_step()
        self.final = final
        if control and frac and frac < 1:
            self.split = frac / (1.0 - frac)
        self.delta_p = min(max(s.harm_per_tick / n_next, s.delta_lo), s.delta_hi) if n_next else s.delta_lo
        if slo is not None:
            self.limit_r = self.limit_p = slo
            return
        known = self._known(control)
        x, y = known[0] / self.phi, known[1] / self.phi
        ceiling = 1.0 - 1e-9
        if not control:
            bound = any_time_bound(x, y, s.frozen_share * s.alpha, True) if s.frozen_share > 0 else 1.0
            self.limit_r = min(s.rho_frozen * bound + s.delta_r, ceiling)
        thin = final and self.split >= s.thin_control and y > 0
        if thin or not control:
            bound = any_time_bound(x, y, 0.2 * s.beta, False)
            self.limit_p = min(s.rho_frozen * bound + self.delta_p, ceiling)

    def feed(self, n: Optional[float], a: Optional[float], m: Optional[float] = 0.0,
             b: Optional[float] = 0.0, valid: bool = True) -> str:
        """One tick: a errors of n treated requests, b of m control requests.  Returns the decision."""
        self._watch_silence(n, m)
        if not valid or not usable((n, a, m, b)) or n == 0:
            return self._missing_tick()
        self.missing = 0
        self.ticks += 1
        self.step_ticks += 1
        self.settled_ticks += 1
        self._bet_rollback(n, a, m, b)
        self._bet_promote(n, a, m, b)
        if m > 0:                                          # after the bets: predictable
            phi = self.phi
            self._learn(n, a, m, b)
            self._watch_control(m, b, phi)
        return self._decide()

    def _watch_control(self, m: float, b: float, phi: float) -> None:
        """What was shown beside a burning control does not count, and the step begins to bake anew."""
        self.watch.observe(b, m, phi)
        if self.incident:
            self.promotion.forget_gains()
            self.log_p = self.promotion.log_total()
            self.settled_ticks = 0
        else:
            self.calm = (self.calm[0] + b, self.calm[1] + m)

    def _watch_silence(self, n: Optional[float], m: Optional[float]) -> None:
        """Treated requests that the control group leads us to expect but that never arrive."""
        if not n:
            if self.split > 0.0 and m is not None and m > 0:
                self.silent += 1
                self.silent_mass += m * self.split
        else:
            self.silent, self.silent_mass = 0, 0.0

    def _missing_tick(self) -> str:
        s = self.settings
        self.missing += 1
        dead = self.silent >= s.silent_ticks and self.silent_mass >= s.silent_expected
        # Of clients nobody has ever heard of, so many must be missed at once: the same few do not become more.
        dead = dead and (self.ticks > 0 or self.silent_mass / self.silent >= log(1.0 / s.alpha))
        return BLIND if dead or self.missing >= s.blind_limit else HOLD

    def _evidence(self, n: float, a: float, m: float, b: float, grid: Sequence[float], limit: Optional[float],
                  rho: float, delta: float) -> List[float]:
        if limit is not None:
            return [one_arm_log_e(a, n, limit, g) for g in grid]
        return [two_arm_log_e(a, n, b, m, rho, g * rho, delta) for g in grid]

    def _restart_share(self) -> float:
        s = self.settings
        if self.ticks == 1:
            return s.w_start
        if self.step_ticks == 1:
            return s.w_step
        return s.w_tick if s.w_offset is None else 1.0 / (self.ticks + s.w_offset)

    def _bet_rollback(self, n: float, a: float, m: float, b: float) -> None:
        s = self.settings
        severe = n >= s.catastrophic_n and a >= s.catastrophic * n
        ceiling = inf if severe or s.cap <= 0 else s.cap * log(1.0 / s.alpha)
        phi = self.phi_e
        logs = self._evidence(n, a, m, b, s.grid_r, self.limit_r, s.rho_r, s.delta_r)
        self.rollback.play(self._restart_share(), [min(x / phi, ceiling) for x in logs])
        self.log_e = self.rollback.log_total()

    def _bet_promote(self, n: float, a: float, m: float, b: float) -> None:
        s = self.settings
        if self.settled_ticks > s.warmup:
            first = not self.promotion_has_bet
            self.promotion_has_bet = True
            phi = self.phi
            logs = self._evidence(n, a, m, b, s.grid_p, self.limit_p, s.rho_p, self.delta_p)
            self.promotion.play(s.wp_start if first else s.wp_tick, [x / phi for x in logs])
        self.log_p = self.promotion.log_total()

    def _learn(self, n: float, a: float, m: float, b: float) -> None:
        self.errors_t += a
        self.requests_t += n
        self.errors_c += b
        self.requests_c += m
        if self.settings.adaptive_phi and a + b > 0:
            ratio = ((self.errors_t + 0.5) / self.requests_t) / ((self.errors_c + 0.5) / self.requests_c)
            self.dispersion.observe(n, a, m, b, ratio)

    def _decide(self) -> str:
        s = self.settings
        if self.log_e >= log(1.0 / ((1.0 - s.frozen_share) * s.alpha)):
            return ROLLBACK
        baked = self.settled_ticks >= (s.final_bake if self.final else s.min_bake)
        if baked and not self.incident and self.log_p >= log(1.0 / s.beta) and self.log_e < log(s.caution):
            return PROMOTE
        return HOLD
