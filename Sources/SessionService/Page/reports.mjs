import { ApiError } from "./api.mjs";
import { backoff } from "./backoff.mjs";

/**
 * Why a page uses another transport than before.
 *
 * - `fallback`: it cannot have a stream.
 * - `recovered`: what it lacked is there again.
 * - `reassign`: the flag has changed for it.
 * - `capacity`: the service has no room for its stream.
 *
 * @typedef {"fallback" | "recovered" | "reassign" | "capacity"} Reason
 */

/** Where reports go. */
const ENDPOINT = "/api/client-reports";
/** After so many refusals in a row the service is asked only seldom whether it wants the report now. */
const PATIENCE = 6;
const SELDOM_MS = 600_000;

/**
 * Tells the service what only the client can see: what failed, and which transport is in use.
 *
 * A failure is owed until it is delivered: a service that cannot be reached hears of it later. However many there were
 * by then, one is told, and the last transport: counts are by the minute.
 */
export class Reports {
  #world;
  #api;
  #isFailureOwed = false;
  /** The change of transport that is owed. @type {{ mode: string, reason: string } | null} */
  #change = null;
  /** The transport the service was told last. @type {string | null} */
  #mode = null;
  #isSending = false;
  /** How many times in a row the service did not take what is owed. */
  #refusals = 0;
  /** Nothing is sent before this, by the world's clock. */
  #notBefore = 0;

  /**
   * @param {import("./timers.mjs").World} world
   * @param {Pick<import("./api.mjs").Api, "report">} api
   */
  constructor(world, api) {
    this.#world = world;
    this.#api = api;
  }

  /** Whether there is something to tell. */
  get isOwing() {
    return this.#isFailureOwed || this.#change !== null;
  }

  /** The service failed this client. */
  failed() {
    this.#isFailureOwed = true;
    this.deliver();
  }

  /**
   * The client uses another transport from now on; the same one again is no news.
   *
   * @param {"sse" | "polling" | "offline"} mode
   * @param {Reason} reason - The first transport of a page is "initial", unless it is for want of a stream.
   */
  changed(mode, reason) {
    if (mode === this.#mode) return;
    const isWanting = reason === "fallback" || reason === "capacity";
    this.#change = { mode, reason: this.#mode === null && !isWanting ? "initial" : reason };
    this.#mode = mode;
    this.deliver();
  }

  /** Tells what is owed, if anything is; called whenever the service shows that it can be reached. */
  deliver() {
    if (this.isOwing && !this.#isSending && this.#world.now() >= this.#notBefore) void this.#send();
  }

  /** Tells what is owed while the page goes away. */
  leave() {
    if (!this.isOwing) return;
    const body = new Blob([JSON.stringify(this.#owed)], { type: "application/json" });
    // Once the browser has taken it, it is delivered even without the page.
    if (this.#world.sendBeacon(ENDPOINT, body)) this.#settle(this.#isFailureOwed, this.#change);
  }

  get #owed() {
    return { ...(this.#isFailureOwed ? { failed: /** @type {const} */ (true) } : {}), ...this.#change };
  }

  /** @param {boolean} isFailure @param {{ mode: string, reason: string } | null} change */
  #settle(isFailure, change) {
    if (isFailure) this.#isFailureOwed = false;
    if (this.#change === change) this.#change = null;
  }

  async #send() {
    this.#isSending = true;
    const [isFailure, change, owed] = [this.#isFailureOwed, this.#change, this.#owed];
    // What fails while this is on its way is a failure of its own.
    this.#settle(isFailure, change);
    let isDelivered = true;
    try {
      await this.#api.report(owed);
    } catch (error) {
      isDelivered = isPointless(error);
      // Still owed; whoever hears from the service once the wait is over tries again.
      if (!isDelivered) {
        this.#isFailureOwed ||= isFailure;
        this.#change ??= change;
        this.#wait(error instanceof ApiError ? error.retryAfter : null);
      }
    } finally {
      this.#isSending = false;
    }
    if (!isDelivered) return;
    this.#refusals = 0;
    this.deliver();
  }

  /** A live page hears from the service many times a second. @param {number | null} retryAfter */
  #wait(retryAfter) {
    this.#refusals += 1;
    const ms = this.#refusals < PATIENCE ? backoff(this.#refusals, this.#world.random) : SELDOM_MS;
    this.#notBefore = this.#world.now() + Math.max(ms, retryAfter ?? 0);
  }
}

/**
 * Whether the service understood the report and does not want it, so that sending it again changes nothing.
 *
 * @param {unknown} error
 */
function isPointless(error) {
  return error instanceof ApiError && [400, 404, 405, 413, 415, 422].includes(error.status);
}
