import { backoff, probeDelay } from "./backoff.mjs";

/** After so many failures in a row the page polls, and tries a stream only now and then. */
const FAILURES_BEFORE_POLLING = 3;

/** Counts failures, and says how long to wait for the next chance. */
export class Chances {
  #random;
  /** Failures in a row; forgotten only after a stream has lived for a while. */
  #failures = 0;
  /** Attempts at a stream beside polls that were given a long wait. */
  #probes = 0;

  /** @param {Pick<import("./timers.mjs").World, "random">} world */
  constructor({ random }) {
    this.#random = random;
  }

  /** Whether it is time to poll. */
  get areSpent() {
    return this.#failures >= FAILURES_BEFORE_POLLING;
  }

  /** @param {import("./stream.mjs").Failure} [failure] */
  lose(failure) {
    this.#failures += 1;
    // What holds events back will hold the next ones back too.
    if (failure === "late") this.#failures = Math.max(this.#failures, FAILURES_BEFORE_POLLING);
  }

  forgive() {
    this.#failures = 0;
    this.#probes = 0;
  }

  /**
   * How long to wait without a stream.
   *
   * @param {[number, number] | null} range - The bounds of a first wait, as the service wishes them.
   */
  wait(range) {
    return backoff(this.#failures, this.#random, range);
  }

  /**
   * How long to poll before another attempt at a stream: soon while there is hope, and then ever more seldom.
   *
   * @param {[number, number] | null} range
   * @param {number} probeMs
   */
  probeWait(range, probeMs) {
    return this.areSpent ? probeDelay(this.#probes++, probeMs, this.#random) : this.wait(range);
  }
}
