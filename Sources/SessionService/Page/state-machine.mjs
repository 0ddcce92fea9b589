import { Account } from "./account.mjs";
import { Poller } from "./poller.mjs";
import { statusOf } from "./status.mjs";
import { Transport } from "./transport.mjs";

/**
 * What a connection is made of.
 *
 * @typedef {{ api: Pick<import("./api.mjs").Api, "assignment" | "sessions">,
 *   list: import("./session-list.mjs").SessionList, reports: import("./reports.mjs").Reports }} Parts
 */

/** Keeps a list of sessions up to date while it is wanted, and holds nothing of the service while it is not. */
export class Connection {
  #observer;
  #account;
  #poller;
  #transport;
  /** Why nothing is done; null while something is. @type {import("./status.mjs").RestingState | null} */
  #rest = "closed";

  /**
   * @param {import("./timers.mjs").World} world
   * @param {Parts} parts
   * @param {{ onStatus: () => void, onSuspended: () => void,
   *   onNews: (news: import("./feed.mjs").News) => void }} observer
   */
  constructor(world, { api, list, reports }, observer) {
    this.#observer = observer;
    this.#account = new Account(world, reports);
    this.#poller = new Poller(world, api, list, {
      onNews: (document) => observer.onNews({ kind: "list", data: document, id: "" }),
      onAnswer: () => this.#polled(),
      onFailure: (error) => this.#pollFailed(error),
    });
    const parts = { api, list, account: this.#account, poller: this.#poller };
    this.#transport = new Transport(world, parts, {
      onStatus: () => observer.onStatus(),
      onNews: (news) => observer.onNews(news),
      onLoginNeeded: () => this.#end("signed-out"),
    });
  }

  /** @returns {import("./status.mjs").State} */
  get state() {
    return this.#rest ?? this.#transport.state;
  }

  get terms() {
    return this.#transport.terms;
  }

  /** @returns {import("./status.mjs").Status} */
  get status() {
    const { retryAt, terms } = this.#transport;
    return statusOf(this.state, { retryAt, pollMs: terms.pollMs, pollFailure: this.#poller.failure });
  }

  /** Whether something will happen by itself: an event, an answer, a timer. */
  get isWaiting() {
    return this.#rest === null && this.#transport.isWaiting;
  }

  /** Begins; a second time does nothing. */
  start() {
    if (this.#rest === "closed") this.#begin();
  }

  /** Ends everything; a second time does nothing. */
  stop() {
    if (this.#rest !== "closed") this.#end("closed");
  }

  /** Goes on where somebody has logged in. */
  loggedIn() {
    if (this.#rest === "signed-out") this.#begin();
  }

  /** Lets go of everything but the list and the terms. */
  suspend() {
    if (this.#rest !== null) return;
    this.#end("suspended");
    this.#observer.onSuspended();
  }

  /** Begins anew after having let go, with the list there is and the terms as long as they hold. */
  resume() {
    if (this.#rest !== "suspended") return;
    this.#rest = null;
    this.#transport.resume();
  }

  /** Asks for the list now, where nobody tells of changes. */
  refresh() {
    if (this.#rest === null) this.#transport.refresh();
  }

  /** Makes the next attempt soon, unless the service has asked for the wait. */
  hasten() {
    if (this.#rest === null) this.#transport.hasten();
  }

  /** Plans no polls until that is over. */
  pause() {
    this.#poller.pause();
  }

  unpause() {
    this.#poller.unpause();
  }

  #begin() {
    this.#rest = null;
    this.#transport.begin();
  }

  /** @param {import("./status.mjs").RestingState} rest */
  #end(rest) {
    this.#transport.end();
    this.#rest = rest;
    this.#observer.onStatus();
  }

  #polled() {
    this.#account.reached();
    this.#account.polled();
    this.#observer.onStatus();
  }

  /** @param {import("./api.mjs").ApiError} error */
  #pollFailed(error) {
    if (error.status === 401) return this.#end("signed-out");
    if (error.isFailure) this.#account.isOffline();
    this.#observer.onStatus();
  }
}
