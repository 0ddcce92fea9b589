import { ApiError } from "./api.mjs";

/** Why a page uses the transport it uses. @typedef {"fallback" | "recovered" | "reassign"} Reason */

/** Where reports go. */
const ENDPOINT = "/api/client-reports";

/**
 * Tells the service what only the client can see: what failed, and which transport is in use.
 *
 * A failure is owed until it is delivered: a service that cannot be reached hears of it later.
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
   * @param {Reason} reason - The first transport of a page is always "initial".
   */
  changed(mode, reason) {
    if (mode === this.#mode) return;
    this.#change = { mode, reason: this.#mode === null ? "initial" : reason };
    this.#mode = mode;
    this.deliver();
  }

  /** Tells what is owed, if anything is; called whenever the service shows that it can be reached. */
  deliver() {
    if (this.isOwing && !this.#isSending) void this.#send();
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
      // Still owed; whoever hears from the service next tries again.
      if (!isDelivered) {
        this.#isFailureOwed ||= isFailure;
        this.#change ??= change;
      }
    } finally {
      this.#isSending = false;
    }
    if (isDelivered) this.deliver();
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
