import { FLOOR_MS } from "./backoff.mjs";
import { Timers } from "./timers.mjs";

/** The wait before the next attempt. */
export class Retry {
  #world;
  #timers;
  #until = 0;
  #isOrdered = false;
  #then = () => {};

  /** @param {import("./timers.mjs").World} world */
  constructor(world) {
    this.#world = world;
    this.#timers = new Timers(world);
  }

  /** When the wait is over, by the world's clock. */
  get until() {
    return this.#until;
  }

  get isRunning() {
    return this.#timers.has("retry");
  }

  /**
   * Waits, in place of the wait there was.
   *
   * @param {number} ms
   * @param {() => void} then
   * @param {{ isOrdered?: boolean }} [options] - Whether the service asked for it, so that nothing may cut it short.
   */
  after(ms, then, { isOrdered = false } = {}) {
    this.#until = this.#world.now() + ms;
    this.#isOrdered = isOrdered;
    this.#then = then;
    this.#timers.set("retry", ms, then);
  }

  /**
   * Somebody else makes the next attempt, and then.
   *
   * @param {number} until - By the world's clock.
   */
  leaveTo(until) {
    this.clear();
    this.#until = until;
  }

  /** Makes the attempt soon. @returns {boolean} Whether that is sooner than it was. */
  hasten() {
    const soon = FLOOR_MS * (1 + this.#world.random());
    if (!this.isRunning || this.#isOrdered || this.#world.now() + soon >= this.#until) return false;
    this.after(soon, this.#then);
    return true;
  }

  clear() {
    this.#timers.clearAll();
  }
}
