import { ApiError } from "./api.mjs";
import { jittered } from "./backoff.mjs";
import { Timers } from "./timers.mjs";

/**
 * @typedef {object} PollOwner
 * @property {(document: unknown) => void} onNews - The list has changed to this.
 * @property {() => void} onAnswer - The service has answered, with news or without.
 * @property {(error: ApiError) => void} onFailure - The next poll is already planned.
 */

/** Asks for the list again and again: one request at a time, none while the page is hidden. */
export class Poller {
  #world;
  #api;
  #list;
  #owner;
  #timers;
  #pollMs = 10_000;
  #isRunning = false;
  #isPaused = false;
  /** When the next poll is due, by the world's clock. */
  #dueAt = 0;
  /** No poll before this: the server asked for it. */
  #notBefore = 0;
  /** Whether a poll was wished for while another was under way. */
  #isAgain = false;
  /** What went wrong with the last poll. @type {ApiError | null} */
  #failure = null;
  /** Identifies the request under way, so that an answer that comes too late is none; null for none. @type {object | null} */
  #asking = null;

  /**
   * @param {import("./timers.mjs").World} world
   * @param {Pick<import("./api.mjs").Api, "sessions">} api
   * @param {import("./session-list.mjs").SessionList} list
   * @param {PollOwner} owner
   */
  constructor(world, api, list, owner) {
    this.#world = world;
    this.#api = api;
    this.#list = list;
    this.#owner = owner;
    this.#timers = new Timers(world);
  }

  get isRunning() {
    return this.#isRunning;
  }

  /** What went wrong with the last poll; null when nothing did. */
  get failure() {
    return this.#failure;
  }

  /** Whether a poll is planned or under way. */
  get isBusy() {
    return this.#asking !== null || this.#timers.has("poll");
  }

  /**
   * Polls at once and then every so often; where it runs already, only the interval changes.
   *
   * @param {number} pollMs
   */
  start(pollMs) {
    this.#pollMs = pollMs;
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#failure = null;
    this.#plan(0);
  }

  /** Ends polling; an answer that is still on its way is thrown away. A second time does nothing. */
  stop() {
    this.#isRunning = false;
    this.#isAgain = false;
    this.#asking = null;
    this.#timers.clearAll();
  }

  /** Plans no more polls until that is over. */
  pause() {
    this.#isPaused = true;
    this.#timers.clear("poll");
  }

  /** Goes on: at once where a poll is overdue. */
  unpause() {
    this.#isPaused = false;
    if (this.#isRunning && !this.isBusy) this.#plan(this.#dueAt - this.#world.now());
  }

  /** Polls now instead of later, as far as the server allows it. */
  hurry() {
    if (!this.#isRunning) return;
    if (this.#asking !== null) this.#isAgain = true;
    else this.#plan(0);
  }

  /** @param {number} ms */
  #plan(ms) {
    const now = this.#world.now();
    this.#dueAt = Math.max(now + ms, this.#notBefore);
    if (!this.#isPaused) this.#timers.set("poll", Math.max(0, this.#dueAt - now), () => void this.#poll());
  }

  async #poll() {
    const asking = {};
    this.#asking = asking;
    /** @type {ApiError | null} */
    let failure = null;
    try {
      const document = await this.#api.sessions(this.#list.cursor);
      if (this.#asking !== asking) return;
      if (document !== null && this.#list.replace(document) === "applied") this.#owner.onNews(document);
    } catch (error) {
      if (this.#asking !== asking) return;
      if (!(error instanceof ApiError || error instanceof TypeError)) throw error;
      failure = error instanceof ApiError ? error : new ApiError(502, error.message);
    }
    // What took the answer may have stopped this.
    if (this.#asking !== asking) return;
    this.#asking = null;
    const isAgain = this.#isAgain && failure === null;
    this.#isAgain = false;
    this.#notBefore = this.#world.now() + (failure?.retryAfter ?? 0);
    this.#plan(isAgain ? 0 : jittered(this.#pollMs, this.#world.random));
    this.#failure = failure;
    if (failure) this.#owner.onFailure(failure);
    else this.#owner.onAnswer();
  }
}
