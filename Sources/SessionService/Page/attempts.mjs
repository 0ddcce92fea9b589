import { Chances } from "./chances.mjs";
import { Retry } from "./retry.mjs";
import { Timers } from "./timers.mjs";

/** How long a stream must live before earlier failures are forgotten, in milliseconds. */
const STEADY_MS = 30_000;

/** When the next attempt at a stream is made: one at a time, later after each failure, seldom beside polls. */
export class Attempts {
  #timers;
  #chances;
  retry;
  /** The bounds of a first wait, as the service wishes them. @type {[number, number] | null} */
  range = null;

  /** @param {import("./timers.mjs").World} world */
  constructor(world) {
    this.#timers = new Timers(world);
    this.#chances = new Chances(world);
    this.retry = new Retry(world);
  }

  /** Whether it is time to poll. */
  get areSpent() {
    return this.#chances.areSpent;
  }

  /** An attempt has failed, or a stream. @param {import("./stream.mjs").Failure} [failure] */
  failed(failure) {
    this.#timers.clear("steady");
    this.#chances.lose(failure);
  }

  /** A stream lives; what failed before is forgotten once it has lived for a while. */
  succeeded() {
    this.#timers.clear("probe");
    this.retry.clear();
    this.#timers.set("steady", STEADY_MS, () => this.#chances.forgive());
  }

  /** The service has ended a stream in order: it lives no longer, and has not failed. */
  paused() {
    this.#timers.clear("steady");
  }

  /** Begins as if nothing had failed. */
  forgive() {
    this.#timers.clear("probe");
    this.#chances.forgive();
  }

  /** Plans none; a second time does nothing. */
  stop() {
    this.#timers.clearAll();
    this.retry.clear();
  }

  /**
   * Makes the next attempt after a wait.
   *
   * @param {number | null} retryAfter - Milliseconds the service asks for at least.
   * @param {() => void} attempt
   */
  next(retryAfter, attempt) {
    const ms = Math.max(this.#chances.wait(this.range), retryAfter ?? 0);
    this.retry.after(ms, attempt, { isOrdered: retryAfter !== null });
  }

  /**
   * Makes the next attempt beside polls.
   *
   * @param {import("./terms.mjs").Terms} terms
   * @param {() => void} attempt
   */
  probe({ probeMs }, attempt) {
    this.#timers.set("probe", this.#chances.probeWait(this.range, probeMs), attempt);
  }
}
