/**
 * The clock, chance and network that the page's client works with.
 *
 * The browser's own in the page, and made-up ones in tests.
 *
 * @typedef {object} World
 * @property {() => number} now - Milliseconds of a clock that never goes back.
 * @property {(work: () => void, ms: number) => unknown} setTimeout
 * @property {(timer: any) => void} clearTimeout
 * @property {() => number} random - From 0 up to, but not including, 1.
 * @property {typeof fetch} fetch
 * @property {new (url: string) => EventSource} EventSource
 * @property {(url: string, body: Blob) => boolean} sendBeacon
 */

/** A timer that is later than this, in milliseconds, has slept: the computer did, or the browser froze the page. */
const OVERSLEPT_MS = 5_000;

/** At most one timer for each purpose; setting a purpose again replaces its timer. */
export class Timers {
  #world;
  /** @type {Map<string, unknown>} */
  #running = new Map();

  /** @param {Pick<World, "now" | "setTimeout" | "clearTimeout">} world */
  constructor(world) {
    this.#world = world;
  }

  /** The purposes whose timers run. */
  get purposes() {
    return [...this.#running.keys()];
  }

  /**
   * Does something once, later.
   *
   * @param {string} purpose
   * @param {number} ms
   * @param {(hasOverslept: boolean) => void} work - Hears whether it comes much too late.
   */
  set(purpose, ms, work) {
    this.clear(purpose);
    const dueAt = this.#world.now() + ms;
    const timer = this.#world.setTimeout(() => {
      // A timer that was replaced may still fire when both were due at once.
      if (this.#running.get(purpose) !== timer) return;
      this.#running.delete(purpose);
      work(this.#world.now() - dueAt > OVERSLEPT_MS);
    }, ms);
    this.#running.set(purpose, timer);
  }

  /** @param {string} purpose */
  has(purpose) {
    return this.#running.has(purpose);
  }

  /** @param {string[]} purposes */
  clear(...purposes) {
    for (const purpose of purposes) {
      if (!this.#running.has(purpose)) continue;
      this.#world.clearTimeout(this.#running.get(purpose));
      this.#running.delete(purpose);
    }
  }

  clearAll() {
    this.clear(...this.purposes);
  }
}
