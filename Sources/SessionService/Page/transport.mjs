import { Assignment } from "./assignment.mjs";
import { Attempts } from "./attempts.mjs";
import { FLOOR_MS } from "./backoff.mjs";
import { Feed } from "./feed.mjs";

/**
 * @typedef {object} TransportOwner
 * @property {() => void} onStatus
 * @property {(news: import("./feed.mjs").News) => void} onNews
 * @property {() => void} onLoginNeeded - The service answers nothing without a login.
 */

/**
 * Follows the list over a stream or by polling, as the service says and the network lets it.
 *
 * Never more than one stream and one timer for each purpose; what belongs to a state ends with it.
 */
export class Transport {
  #owner;
  #account;
  #attempts;
  #assignment;
  #feed;
  #poller;
  /** @type {import("./status.mjs").ActiveState} */
  #state = "init";
  /** Whether polling is for want of a stream, and not what the service wishes. */
  #isFallback = false;
  /** Whether the last stream was answered with something else, so that the assignment says what to do. */
  #isRefused = false;

  /**
   * @param {import("./timers.mjs").World} world
   * @param {Pick<import("./state-machine.mjs").Parts, "api" | "list">
   *   & { account: import("./account.mjs").Account, poller: import("./poller.mjs").Poller }} parts
   * @param {TransportOwner} owner
   */
  constructor(world, { api, list, account, poller }, owner) {
    this.#owner = owner;
    this.#account = account;
    this.#poller = poller;
    this.#attempts = new Attempts(world);
    this.#assignment = new Assignment(world, api, {
      onTerms: () => this.#assigned(),
      onFailure: (error) => this.#unassigned(error),
    });
    this.#feed = new Feed(world, list, {
      onCurrent: () => this.#current(),
      onNews: (news) => owner.onNews(news),
      onRange: (range) => (this.#attempts.range = range),
      onControl: (type, afterMs) => this.#control(type, afterMs),
      onFailure: (failure) => this.#streamFailed(failure),
    });
  }

  get state() {
    return this.#state;
  }

  get terms() {
    return this.#assignment.terms;
  }

  get retryAt() {
    return this.#attempts.retry.until;
  }

  /** Whether something will happen by itself: an event, an answer, a timer. */
  get isWaiting() {
    return this.#feed.isOpen || this.#poller.isBusy || this.#assignment.isBusy || this.#attempts.retry.isRunning;
  }

  // What its owner asks for

  /** Begins with the question what to do. */
  begin() {
    this.#attempts.forgive();
    this.#ask();
  }

  /** Begins as it was told to before, as long as that holds. */
  resume() {
    if (!this.#assignment.isFresh) return this.begin();
    this.#attempts.forgive();
    this.#assignment.keep();
    if (this.terms.mode === "polling") this.#poll({ isFallback: false });
    else this.#connect();
  }

  /** Lets go of everything; a second time does nothing. */
  end() {
    this.#attempts.stop();
    this.#account.end();
    this.#assignment.stop();
    this.#feed.close();
    this.#poller.stop();
    this.#isRefused = false;
  }

  /** Asks for the list now, where nobody tells of changes. */
  refresh() {
    if (this.#state === "polling") this.#poller.hurry();
  }

  /** Makes the next attempt soon, unless the service has asked for the wait. */
  hasten() {
    if (this.#state === "polling" && this.#poller.failure) this.#poller.hurry();
    if (this.#state === "backoff" && this.#attempts.retry.hasten()) this.#owner.onStatus();
  }

  // From state to state

  /** @param {import("./status.mjs").ActiveState} state */
  #enter(state) {
    this.#state = state;
    this.#owner.onStatus();
  }

  #ask() {
    this.#enter("init");
    this.#assignment.ask();
  }

  #connect() {
    this.#enter("connecting");
    this.#feed.open(this.terms);
  }

  /** @param {{ isFallback: boolean }} options */
  #poll({ isFallback }) {
    this.#attempts.stop();
    this.#feed.close();
    this.#isFallback = isFallback;
    this.#poller.start(this.terms.pollMs);
    this.#enter("polling");
    this.#account.polls(isFallback ? "fallback" : this.#pollReason);
    if (isFallback) this.#probeLater();
  }

  /** Why it polls where that is not for its own failures with streams. */
  get #pollReason() {
    if (this.terms.isFull) return "capacity";
    // It still is to stream, as far as anybody has told it.
    return this.terms.mode === "sse" ? "fallback" : "reassign";
  }

  #probeLater() {
    this.#attempts.probe(this.terms, () => this.#feed.open(this.terms));
  }

  // What the assignment says

  #assigned() {
    this.#account.reached();
    const isStream = this.terms.mode === "sse";
    // That the service has no stream for this client is no failure.
    const isRefusal = this.#isRefused && isStream;
    this.#isRefused = false;
    if (isRefusal) this.#streamLost();
    if (this.#state === "polling") this.#reconsider(isStream);
    else if (!isStream) this.#poll({ isFallback: false });
    else if (isRefusal) this.#tryAgain(null);
    else if (this.#state === "init" || (this.#state === "backoff" && !this.#attempts.retry.isRunning)) this.#connect();
  }

  /** @param {import("./api.mjs").ApiError} error */
  #unassigned(error) {
    if (error.status === 401) return this.#owner.onLoginNeeded();
    const isRefusal = this.#isRefused;
    this.#isRefused = false;
    if (isRefusal || (error.isFailure && this.#state === "init")) this.#account.failed();
    if (this.#state === "backoff" && !this.#attempts.retry.isRunning) this.#state = "init";
    if (this.#state !== "init") return;
    if (isRefusal) return this.#tryAgain(error.retryAfter);
    this.#attempts.failed();
    if (this.#attempts.areSpent) return this.#poll({ isFallback: false });
    this.#attempts.retry.leaveTo(this.#assignment.dueAt);
    this.#enter("backoff");
  }

  /** Moves a polling client to a stream or takes the hope of one away; polls go on until a stream lives. */
  #reconsider(/** @type {boolean} */ isStream) {
    this.#poller.start(this.terms.pollMs);
    if (isStream === this.#isFallback) return;
    this.#isFallback = isStream;
    this.#feed.close();
    this.#attempts.forgive();
    if (isStream) this.#feed.open(this.terms);
    else this.#account.polls(this.#pollReason);
  }

  // What the stream says

  #current() {
    this.#account.reached();
    if (this.#state === "live") return;
    this.#attempts.succeeded();
    this.#poller.stop();
    this.#isRefused = false;
    this.#enter("live");
    this.#account.streams();
  }

  /** @param {string} type @param {number} afterMs */
  #control(type, afterMs) {
    if (!["drain", "reassign", "reauth"].includes(type)) return;
    this.#feed.close();
    this.#attempts.paused();
    const then = type === "drain" ? () => this.#connect() : () => this.#ask();
    if (this.#state !== "polling") {
      this.#attempts.retry.after(Math.max(FLOOR_MS, afterMs), then, { isOrdered: true });
      return this.#enter("backoff");
    }
    this.#probeLater();
    if (type !== "drain") this.#assignment.ask();
  }

  /** @param {import("./stream.mjs").Failure} failure */
  #streamFailed(failure) {
    this.#attempts.failed(failure);
    this.#isRefused = failure === "refused";
    // What comes too late or wrong leaves a page with an old list for longer than a poll would.
    if (["late", "silent", "lossy"].includes(failure)) this.#account.failed();
    else if (failure === "broken") this.#streamLost();
    const isPolling = this.#state === "polling";
    if (isPolling) this.#probeLater();
    // A browser does not tell the status; the assignment does.
    if (this.#isRefused && isPolling) this.#assignment.ask();
    else if (this.#isRefused) this.#ask();
    else if (!isPolling) this.#tryAgain(null);
  }

  /** Another attempt may make up for it, where one is made soon. */
  #streamLost() {
    if (this.#attempts.areSpent) this.#account.failed();
    else this.#account.broke(this.terms.pollMs);
  }

  /** @param {number | null} retryAfter - Milliseconds the service asks for. */
  #tryAgain(retryAfter) {
    if (this.#attempts.areSpent) return this.#poll({ isFallback: true });
    this.#attempts.next(retryAfter, () => this.#connect());
    this.#enter("backoff");
  }
}
