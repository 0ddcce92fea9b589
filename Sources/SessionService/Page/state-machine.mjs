import { Assignment } from "./assignment.mjs";
import { FLOOR_MS } from "./backoff.mjs";
import { Chances } from "./chances.mjs";
import { Feed } from "./feed.mjs";
import { Poller } from "./poller.mjs";
import { Retry } from "./retry.mjs";
import { statusOf } from "./status.mjs";
import { Timers } from "./timers.mjs";

/** How long a stream must live before earlier failures are forgotten, in milliseconds. */
const STEADY_MS = 30_000;

/**
 * Keeps a list of sessions up to date, over a stream or by polling, whatever the network does.
 *
 * Never more than one stream and one timer for each purpose; what belongs to a state ends with it.
 */
export class Connection {
  #reports;
  #observer;
  #timers;
  #retry;
  #chances;
  #assignment;
  #feed;
  #poller;
  /** @type {import("./status.mjs").State} */
  #state = "closed";
  /** Whether polling is for want of a stream, and not what the service wishes. */
  #isFallback = false;
  /** Whether the last stream was answered with something else, so that the assignment says what to do. */
  #isRefused = false;
  /** Why the next stream that lives is one. @type {"recovered" | "reassign"} */
  #reason = "recovered";

  /**
   * @param {import("./timers.mjs").World} world
   * @param {{ api: Pick<import("./api.mjs").Api, "assignment" | "sessions">,
   *   list: import("./session-list.mjs").SessionList, reports: import("./reports.mjs").Reports }} parts
   * @param {{ onStatus: () => void, onSuspended: () => void,
   *   onNews: (news: import("./feed.mjs").News) => void }} observer
   */
  constructor(world, { api, list, reports }, observer) {
    this.#reports = reports;
    this.#observer = observer;
    this.#timers = new Timers(world);
    this.#retry = new Retry(world);
    this.#chances = new Chances(world);
    this.#assignment = new Assignment(world, api, {
      onTerms: () => this.#assigned(),
      onFailure: (error) => this.#unassigned(error),
    });
    this.#feed = new Feed(world, list, {
      onCurrent: () => this.#current(),
      onNews: (news) => observer.onNews(news),
      onControl: (type, afterMs) => this.#control(type, afterMs),
      onFailure: (failure) => this.#streamFailed(failure),
    });
    this.#poller = new Poller(world, api, list, {
      onNews: (document) => observer.onNews({ kind: "list", data: document, id: "" }),
      onAnswer: () => this.#polled(),
      onFailure: (error) => this.#pollFailed(error),
    });
  }

  get state() {
    return this.#state;
  }

  get terms() {
    return this.#assignment.terms;
  }

  /** @returns {import("./status.mjs").Status} */
  get status() {
    return statusOf(this.#state, {
      retryAt: this.#retry.until,
      pollMs: this.terms.pollMs,
      pollFailure: this.#poller.failure,
    });
  }

  /** Whether something will happen by itself: an event, an answer, a timer. */
  get isWaiting() {
    return this.#feed.isOpen || this.#poller.isBusy || this.#assignment.isBusy || this.#retry.isRunning;
  }

  // What others ask for

  /** Begins; a second time does nothing. */
  start() {
    if (this.#state === "closed") this.#restart();
  }

  /** Ends everything; a second time does nothing. */
  stop() {
    if (this.#state !== "closed") this.#end("closed");
  }

  /** Goes on where somebody has logged in. */
  loggedIn() {
    if (this.#state === "signed-out") this.#restart();
  }

  /** Asks for the list now, where nobody tells of changes. */
  refresh() {
    if (this.#state === "polling") this.#poller.hurry();
  }

  pause() {
    this.#poller.pause();
  }

  unpause() {
    this.#poller.unpause();
  }

  /** Lets go of everything but the list. */
  suspend() {
    if (["closed", "suspended", "signed-out"].includes(this.#state)) return;
    this.#end("suspended");
    this.#observer.onSuspended();
  }

  /** Begins anew after having let go, with the list there is and the terms as long as they hold. */
  resume() {
    if (this.#state !== "suspended") return;
    if (!this.#assignment.isFresh) return this.#restart();
    this.#chances.forgive();
    this.#assignment.keep();
    this.#begin();
  }

  /** Makes the next attempt soon, unless the service has asked for the wait. */
  hasten() {
    if (this.#state === "polling" && this.#poller.failure) this.#poller.hurry();
    if (this.#state === "backoff" && this.#retry.hasten()) this.#observer.onStatus();
  }

  // From state to state

  /** @param {import("./status.mjs").State} state */
  #enter(state) {
    this.#state = state;
    this.#observer.onStatus();
  }

  /** @param {import("./status.mjs").State} state */
  #end(state) {
    this.#timers.clearAll();
    this.#retry.clear();
    this.#assignment.stop();
    this.#feed.close();
    this.#poller.stop();
    this.#isRefused = false;
    this.#enter(state);
  }

  #restart() {
    this.#chances.forgive();
    this.#ask();
  }

  #ask() {
    this.#enter("init");
    this.#assignment.ask();
  }

  #begin() {
    if (this.terms.mode === "polling") this.#poll({ isFallback: false });
    else this.#connect();
  }

  #connect() {
    this.#enter("connecting");
    this.#feed.open(this.terms);
  }

  /** @param {number} ms @param {() => void} then @param {{ isOrdered?: boolean }} [options] */
  #backOff(ms, then, options) {
    this.#retry.after(ms, then, options);
    this.#enter("backoff");
  }

  /** @param {{ isFallback: boolean }} options */
  #poll({ isFallback }) {
    this.#timers.clear("steady", "probe");
    this.#retry.clear();
    this.#feed.close();
    this.#isFallback = isFallback;
    this.#poller.start(this.terms.pollMs);
    this.#enter("polling");
    this.#reports.changed("polling", isFallback ? "fallback" : "reassign");
    if (isFallback) this.#probeLater();
  }

  #probeLater() {
    const ms = this.#chances.probeWait(this.#feed.retryRange, this.terms.probeMs);
    this.#timers.set("probe", ms, () => this.#feed.open(this.terms));
  }

  // What the assignment says

  #assigned() {
    this.#reports.deliver();
    const isStream = this.terms.mode === "sse";
    // That the service has no stream for this client is no failure.
    const isRefusal = this.#isRefused && isStream;
    this.#isRefused = false;
    if (this.#state === "polling") {
      if (isRefusal) this.#reports.failed();
      this.#reconsider(isStream);
    } else if (!isStream) {
      if (this.#state !== "init") this.#reason = "reassign";
      this.#poll({ isFallback: false });
    } else if (isRefusal) {
      this.#reports.failed();
      this.#tryAgain(null);
    } else if (this.#state === "init" || (this.#state === "backoff" && !this.#retry.isRunning)) {
      this.#connect();
    }
  }

  /** @param {import("./api.mjs").ApiError} error */
  #unassigned(error) {
    if (error.status === 401) return this.#end("signed-out");
    const isRefusal = this.#isRefused;
    this.#isRefused = false;
    if (isRefusal || (error.isFailure && this.#state === "init")) this.#reports.failed();
    if (this.#state === "backoff" && !this.#retry.isRunning) this.#state = "init";
    if (this.#state !== "init") return;
    if (isRefusal) return this.#tryAgain(error.retryAfter);
    this.#chances.lose();
    if (this.#chances.areSpent) return this.#poll({ isFallback: false });
    this.#retry.leaveTo(this.#assignment.dueAt);
    this.#enter("backoff");
  }

  /** Moves a polling client to a stream or takes the hope of one away; polls go on until a stream lives. */
  #reconsider(/** @type {boolean} */ isStream) {
    this.#poller.start(this.terms.pollMs);
    if (isStream === this.#isFallback) return;
    this.#isFallback = isStream;
    this.#timers.clear("probe");
    this.#feed.close();
    this.#reason = "reassign";
    this.#chances.forgive();
    if (isStream) this.#feed.open(this.terms);
  }

  // What the stream says

  #current() {
    this.#reports.deliver();
    if (this.#state === "live") return;
    this.#timers.clear("probe");
    this.#retry.clear();
    this.#poller.stop();
    this.#isRefused = false;
    this.#enter("live");
    this.#reports.changed("sse", this.#reason);
    this.#reason = "recovered";
    this.#timers.set("steady", STEADY_MS, () => this.#chances.forgive());
  }

  /** @param {string} type @param {number} afterMs */
  #control(type, afterMs) {
    if (!["drain", "reassign", "reauth"].includes(type)) return;
    this.#feed.close();
    this.#timers.clear("steady");
    const then = type === "drain" ? () => this.#connect() : () => this.#ask();
    if (this.#state !== "polling") {
      return this.#backOff(Math.max(FLOOR_MS, afterMs), then, { isOrdered: true });
    }
    this.#probeLater();
    if (type !== "drain") this.#assignment.ask();
  }

  /** @param {import("./stream.mjs").Failure} failure */
  #streamFailed(failure) {
    this.#timers.clear("steady");
    this.#chances.lose(failure);
    this.#isRefused = failure === "refused";
    if (this.#state === "polling") this.#probeLater();
    if (!this.#isRefused) {
      this.#reports.failed();
      if (this.#state !== "polling") this.#tryAgain(null);
    } else if (this.#state === "polling") {
      // A browser does not tell the status; the assignment does.
      this.#assignment.ask();
    } else {
      this.#ask();
    }
  }

  /** @param {number | null} retryAfter - Milliseconds the service asks for. */
  #tryAgain(retryAfter) {
    if (this.#chances.areSpent) return this.#poll({ isFallback: true });
    const ms = this.#chances.wait(this.#feed.retryRange);
    this.#backOff(Math.max(ms, retryAfter ?? 0), () => this.#connect(), { isOrdered: retryAfter !== null });
  }

  // What polls say

  #polled() {
    this.#reports.deliver();
    this.#reports.changed("polling", "recovered");
    this.#observer.onStatus();
  }

  /** @param {import("./api.mjs").ApiError} error */
  #pollFailed(error) {
    if (error.status === 401) return this.#end("signed-out");
    if (error.isFailure) {
      this.#reports.failed();
      this.#reports.changed("offline", "fallback");
    }
    this.#observer.onStatus();
  }
}
