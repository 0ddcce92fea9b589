import { Timers } from "./timers.mjs";

/** How many times the server's own interval may pass without a word before a stream counts as dead. */
const SILENCE = 2.5;
/** @type {["snapshot", "delta", "ping", "control"]} */
const EVENTS = ["snapshot", "delta", "ping", "control"];

/**
 * Why a stream is over, other than by its owner's wish.
 *
 * - `late`: nothing came at first: something on the way holds the events back.
 * - `silent`: nothing came for too long.
 * - `broken`: the connection ended, or there was none.
 * - `refused`: the server answered with something else than a stream.
 * - `lossy`: a change is missing, or an event is not what it should be.
 *
 * @typedef {"late" | "silent" | "broken" | "refused" | "lossy"} Failure
 */

/**
 * @typedef {object} StreamOwner
 * @property {(kind: typeof EVENTS[number], data: any, id: string) => boolean} onEvent - Says whether the event
 *   brought the list up to date; throws or answers for what it cannot use.
 * @property {(failure: Failure) => void} onFailure - The stream is closed by then.
 */

/**
 * One stream at a time, watched for silence; never left to the browser's own reconnecting.
 *
 * A browser reconnects without back-off and, once it was refused, not at all. So the first error ends a stream.
 */
export class Stream {
  #world;
  #url;
  #owner;
  #timers;
  /** @type {EventSource | null} */
  #source = null;
  #hbMs = 15_000;

  /**
   * @param {import("./timers.mjs").World} world
   * @param {string} url
   * @param {StreamOwner} owner
   */
  constructor(world, url, owner) {
    this.#world = world;
    this.#url = url;
    this.#owner = owner;
    this.#timers = new Timers(world);
  }

  get isOpen() {
    return this.#source !== null;
  }

  /**
   * Opens the stream, in place of the one there was.
   *
   * @param {string | null} cursor - Where the list is; null asks for all of it.
   * @param {{ firstEventMs: number, hb: number }} terms
   */
  open(cursor, terms) {
    this.close();
    this.#hbMs = terms.hb;
    const query = cursor === null ? "" : `?last_event_id=${encodeURIComponent(cursor)}`;
    const source = new this.#world.EventSource(this.#url + query);
    this.#source = source;
    this.#timers.set("firstEvent", terms.firstEventMs, () => this.#fail("late"));
    for (const kind of EVENTS) {
      source.addEventListener(kind, (event) => {
        if (this.#source === source) this.#hear(kind, /** @type {MessageEvent} */ (event));
      });
    }
    source.onerror = () => {
      if (this.#source === source) this.#fail(source.readyState === 2 ? "refused" : "broken");
    };
  }

  /** Ends the stream; nothing comes from it any more. A second time does nothing. */
  close() {
    this.#timers.clearAll();
    this.#source?.close();
    this.#source = null;
  }

  /**
   * Ends the stream because its owner found what it says unusable.
   *
   * @param {Failure} failure
   */
  fail(failure) {
    if (this.isOpen) this.#fail(failure);
  }

  /** @param {typeof EVENTS[number]} kind @param {MessageEvent} event */
  #hear(kind, event) {
    // Anything at all shows that the other side lives, even when it is of no use.
    if (!this.#timers.has("firstEvent")) this.#watch();
    let isUpToDate = false;
    try {
      const data = JSON.parse(event.data);
      if (kind === "snapshot" && Number.isFinite(data.hb) && data.hb > 0) this.#hbMs = data.hb;
      const source = this.#source;
      isUpToDate = this.#owner.onEvent(kind, data, event.lastEventId ?? "");
      if (this.#source !== source) return;
    } catch (error) {
      if (!(error instanceof SyntaxError) && !(error instanceof TypeError)) throw error;
      return this.fail("lossy");
    }
    if (!isUpToDate || !this.isOpen) return;
    this.#timers.clear("firstEvent");
    this.#watch();
  }

  #watch() {
    // After a sleep nobody knows how long the other side was silent; the connection is likely gone.
    this.#timers.set("silence", SILENCE * this.#hbMs, (hasOverslept) => this.#fail(hasOverslept ? "broken" : "silent"));
  }

  /** @param {Failure} failure */
  #fail(failure) {
    this.close();
    this.#owner.onFailure(failure);
  }
}
