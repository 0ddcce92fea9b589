import { Stream } from "./stream.mjs";

/**
 * @typedef {object} FeedOwner
 * @property {() => void} onCurrent - The stream has shown that the list is up to date.
 * @property {(news: News) => void} onNews - The list has changed.
 * @property {(range: [number, number] | null) => void} onRange - The bounds of a first wait, as the service
 *   wishes them.
 * @property {(type: string, afterMs: number) => void} onControl - The service asks for something.
 * @property {(failure: import("./stream.mjs").Failure) => void} onFailure - The stream is closed by then.
 */

/**
 * What changed the list, as the service sent it: all of it, or a change with its id.
 *
 * @typedef {{ kind: "list" | "change", data: any, id: string }} News
 */

/** Keeps a list up to date from a stream, and finds out when something is missing. */
export class Feed {
  #list;
  #owner;
  #stream;
  /** Whether the list has a hole, so that the next stream must tell all of it. */
  #isLossy = false;
  /** The last change a ping has spoken of; the list has it at the latest by the ping after. */
  #announced = -1;
  /** Whether this stream has brought the list up to date. */
  #isCurrent = false;

  /**
   * @param {import("./timers.mjs").World} world
   * @param {import("./session-list.mjs").SessionList} list
   * @param {FeedOwner} owner
   */
  constructor(world, list, owner) {
    this.#list = list;
    this.#owner = owner;
    this.#stream = new Stream(world, "/api/sse/sessions", {
      onEvent: (kind, data, id) => this.#hear(kind, data, id),
      onFailure: (failure) => owner.onFailure(failure),
    });
  }

  get isOpen() {
    return this.#stream.isOpen;
  }

  /**
   * Opens the stream where the list is, in place of the one there was.
   *
   * @param {import("./terms.mjs").Terms} terms
   */
  open(terms) {
    this.#announced = -1;
    this.#isCurrent = false;
    this.#stream.open(this.#isLossy ? null : this.#list.cursor, terms);
  }

  /** Ends the stream; a second time does nothing. */
  close() {
    this.#stream.close();
  }

  /**
   * @param {string} kind @param {any} data @param {string} id
   * @returns {boolean} Whether the list is up to date.
   */
  #hear(kind, data, id) {
    if (typeof data !== "object" || data === null) throw new TypeError("not an event of ours");
    if (kind === "control") this.#owner.onControl(String(data.type), duration(data.afterMs));
    else if (kind === "ping") this.#hearPing(data.seq);
    else this.#hearNews(kind === "snapshot" ? "list" : "change", data, id);
    return this.#isCurrent;
  }

  /** @param {"list" | "change"} kind @param {any} data @param {string} id */
  #hearNews(kind, data, id) {
    const outcome = kind === "list" ? this.#list.replace(data) : this.#list.change(data, id);
    if (outcome === "gap") return this.#lose();
    if (kind === "list") {
      this.#isLossy = false;
      this.#owner.onRange(range(data.retryMs));
    }
    if (outcome === "applied") this.#owner.onNews({ kind, data, id });
    this.#current();
  }

  /**
   * A ping says how far the service has told; it may overtake a change, but not stay ahead of it.
   *
   * @param {unknown} seq
   */
  #hearPing(seq) {
    if (this.#list.seq < this.#announced) return this.#lose();
    this.#announced = Number.isSafeInteger(seq) ? Number(seq) : -1;
    // A stream may begin with what it would have repeated: nothing.
    if (!this.#isLossy && this.#list.cursor !== null && this.#list.seq >= this.#announced) this.#current();
  }

  #current() {
    this.#isCurrent = true;
    this.#owner.onCurrent();
  }

  #lose() {
    this.#isLossy = true;
    this.#stream.fail("lossy");
  }
}

/** @param {unknown} value @returns {number} Milliseconds; 0 for what is none. */
function duration(value) {
  return typeof value === "number" && Number.isFinite(value) && value > 0 ? value : 0;
}

/** @param {unknown} value @returns {[number, number] | null} */
function range(value) {
  if (!Array.isArray(value) || value.length !== 2) return null;
  const [low, high] = value.map(duration);
  return high > 0 && low <= high ? [low, high] : null;
}
