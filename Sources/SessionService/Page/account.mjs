import { Timers } from "./timers.mjs";

/**
 * Tells the service about a connection: what failed, and which transport it uses and why.
 *
 * A page that polls sees nothing of what happens between two polls. So a stream that breaks has the time of one poll
 * to show the list again, before its page counts as one that was failed; and only one break in that time is forgiven.
 */
export class Account {
  #now;
  #timers;
  #reports;
  /** When a stream broke last, by the world's clock. */
  #brokeAt = -Infinity;
  /** Why the page polls, or did until its stream lives. @type {import("./reports.mjs").Reason | null} */
  #pollsFor = null;

  /**
   * @param {Pick<import("./timers.mjs").World, "now" | "setTimeout" | "clearTimeout">} world
   * @param {import("./reports.mjs").Reports} reports
   */
  constructor(world, reports) {
    this.#now = world.now;
    this.#timers = new Timers(world);
    this.#reports = reports;
  }

  /** The service answers, so that it may be told what it has not heard. */
  reached() {
    this.#reports.deliver();
  }

  /** The service failed the one who looks at the page. */
  failed() {
    this.#timers.clearAll();
    this.#reports.failed();
  }

  /**
   * A stream broke, or could not be had, and another one is tried.
   *
   * @param {number} pollMs - How long a page that polls would have noticed nothing.
   */
  broke(pollMs) {
    const isAgain = this.#now() - this.#brokeAt < pollMs;
    this.#brokeAt = this.#now();
    if (isAgain) this.failed();
    else this.#await(pollMs);
  }

  /** Nobody waits for a stream any more; a second time does nothing. */
  end() {
    this.#brokeAt = -Infinity;
    this.#timers.clearAll();
  }

  /** A stream has shown the list. */
  streams() {
    this.#timers.clearAll();
    this.#reports.changed("sse", this.#pollsFor === "reassign" ? "reassign" : "recovered");
    this.#pollsFor = null;
  }

  /** The page polls from now on. @param {import("./reports.mjs").Reason} reason */
  polls(reason) {
    this.#timers.clearAll();
    this.#pollsFor = reason;
    this.#reports.changed("polling", reason);
  }

  /** A poll was answered. */
  polled() {
    this.#reports.changed("polling", "recovered");
  }

  /** A poll failed for want of a service. */
  isOffline() {
    this.failed();
    this.#reports.changed("offline", "fallback");
  }

  /** @param {number} ms - How long the list may take to be shown again, while the computer is awake. */
  #await(ms) {
    this.#timers.set("list", ms, (hasOverslept) => (hasOverslept ? this.#await(ms) : this.failed()));
  }
}
