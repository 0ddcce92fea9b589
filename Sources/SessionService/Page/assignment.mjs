import { ApiError } from "./api.mjs";
import { backoff, jittered } from "./backoff.mjs";
import { DEFAULT_TERMS, readTerms } from "./terms.mjs";
import { Timers } from "./timers.mjs";

/**
 * @typedef {object} AssignmentOwner
 * @property {() => void} onTerms - The terms have been told, the same ones perhaps.
 * @property {(error: ApiError) => void} onFailure - The next question is already planned.
 */

/** Knows the service's terms, and asks again when they are old or could not be had. */
export class Assignment {
  #world;
  #api;
  #owner;
  #timers;
  #terms = DEFAULT_TERMS;
  /** When the terms were told, by the world's clock; null while they are the defaults. @type {number | null} */
  #toldAt = null;
  #failures = 0;
  #dueAt = 0;
  /** Identifies the question under way; null for none. @type {object | null} */
  #asking = null;

  /**
   * @param {import("./timers.mjs").World} world
   * @param {Pick<import("./api.mjs").Api, "assignment">} api
   * @param {AssignmentOwner} owner
   */
  constructor(world, api, owner) {
    this.#world = world;
    this.#api = api;
    this.#owner = owner;
    this.#timers = new Timers(world);
  }

  get terms() {
    return this.#terms;
  }

  /** Whether the service has ever said anything. */
  get isKnown() {
    return this.#toldAt !== null;
  }

  /** Whether what was told still holds. */
  get isFresh() {
    return this.#toldAt !== null && this.#world.now() - this.#toldAt < this.#terms.ttlMs;
  }

  /** When the next question is asked, by the world's clock. */
  get dueAt() {
    return this.#dueAt;
  }

  /** Whether a question is planned or under way. */
  get isBusy() {
    return this.#asking !== null || this.#timers.has("ask");
  }

  /** Asks now; a question that is under way serves. */
  ask() {
    if (this.#asking === null) void this.#ask();
  }

  /** Goes on asking when the terms get old, beginning with those of now. */
  keep() {
    if (!this.isBusy) this.#plan(jittered(this.#terms.ttlMs, this.#world.random));
  }

  /** Asks no more; an answer on its way is thrown away. A second time does nothing. */
  stop() {
    this.#asking = null;
    this.#failures = 0;
    this.#timers.clearAll();
  }

  /** @param {number} ms */
  #plan(ms) {
    this.#dueAt = this.#world.now() + ms;
    this.#timers.set("ask", ms, () => this.ask());
  }

  async #ask() {
    const asking = {};
    this.#asking = asking;
    this.#timers.clear("ask");
    /** @type {ApiError | null} */
    let failure = null;
    try {
      const terms = readTerms(await this.#api.assignment());
      if (this.#asking !== asking) return;
      this.#terms = terms;
    } catch (error) {
      if (this.#asking !== asking) return;
      if (!(error instanceof ApiError || error instanceof TypeError)) throw error;
      failure = error instanceof ApiError ? error : new ApiError(502, error.message);
    }
    this.#asking = null;
    if (failure) {
      this.#failures += 1;
      this.#plan(Math.max(backoff(this.#failures, this.#world.random), failure.retryAfter ?? 0));
      this.#owner.onFailure(failure);
    } else {
      this.#failures = 0;
      this.#toldAt = this.#world.now();
      this.#plan(jittered(this.#terms.ttlMs, this.#world.random));
      this.#owner.onTerms();
    }
  }
}
