import { statusOf } from "./status.mjs";
import { DEFAULT_TERMS } from "./terms.mjs";
import { Timers } from "./timers.mjs";

/** The name of the lock that the page with the stream holds, and of the channel it tells the others on. */
export const SHARED_NAME = "tidegate-sessions";
/** How often the leader shows that it lives, in milliseconds. */
const BEAT_MS = 5_000;
/** How long a leader may be silent before it counts as hung; at most twice that, so that not all notice at once. */
const SILENCE_MS = 4 * BEAT_MS;

/**
 * One connection for all pages of a browser: the leader has it and relays what it hears, the others listen.
 *
 * A browser opens six connections to a server over HTTP/1.1, so that seven pages with a stream each would leave none
 * for requests. The leader holds a lock, which the browser gives to another page when the leader dies; only pages
 * that somebody looks at wait for it. Without locks or channels every page stands alone.
 */
export class Sharing {
  #timers;
  #random;
  #locks;
  #channel;
  #connection;
  #presence;
  #list;
  #onChange;
  #isHidden = false;
  /** Gives the lock back; null while another page leads. @type {(() => void) | null} */
  #release = null;
  /** Ends waiting for the lock; null while this page does not. @type {AbortController | null} */
  #waiting = null;
  /** What the leader said last. */
  #heard = statusOf("init", { retryAt: 0, pollMs: DEFAULT_TERMS.pollMs, pollFailure: null });

  /**
   * @param {import("./timers.mjs").World} world
   * @param {{ locks?: LockManager, channel?: BroadcastChannel }} browser
   * @param {{ connection: import("./state-machine.mjs").Connection, presence: import("./presence.mjs").Presence,
   *   list: import("./session-list.mjs").SessionList }} parts
   * @param {() => void} onChange - The list or the status has changed.
   */
  constructor(world, { locks, channel }, { connection, presence, list }, onChange) {
    this.#timers = new Timers(world);
    this.#random = world.random;
    const canShare = locks !== undefined && channel !== undefined;
    this.#locks = canShare ? locks : undefined;
    this.#channel = canShare ? channel : undefined;
    this.#connection = connection;
    this.#presence = presence;
    this.#list = list;
    this.#onChange = onChange;
    if (this.#channel) this.#channel.onmessage = (event) => this.#hear(event.data);
  }

  get isLeading() {
    return this.#release !== null;
  }

  /** The connection's status, whichever page has it. */
  get status() {
    return this.isLeading ? this.#connection.status : this.#heard;
  }

  // What happens to this page

  /** Begins, as the leader or behind one. @param {boolean} isHidden */
  start(isHidden) {
    if (isHidden) this.hidden();
    else this.#seek();
  }

  hidden() {
    this.#isHidden = true;
    this.#stopWaiting();
    this.#presence.hidden();
    void this.#handOver();
  }

  visible() {
    this.#isHidden = false;
    this.#presence.visible();
    this.#seek();
  }

  /** The page is left; it comes back as `visible`, or never. */
  left() {
    this.#stopWaiting();
    this.#presence.left();
    this.resign();
  }

  online() {
    if (this.isLeading) this.#presence.online();
  }

  /** Asks whoever leads for the list, where nobody tells of changes. */
  refresh() {
    if (this.isLeading) this.#connection.refresh();
    else this.#tell({ type: "refresh" });
  }

  /** Somebody has logged in on this page. */
  loggedIn() {
    if (this.isLeading) this.#connection.loggedIn();
    else this.#tell({ type: "login" });
  }

  /** Lets another page lead. */
  resign() {
    const release = this.#release;
    if (release === null) return;
    this.#release = null;
    this.#timers.clearAll();
    this.#connection.stop();
    release();
  }

  // What the connection of this page says

  /** @param {import("./feed.mjs").News} news */
  relayNews(news) {
    if (this.isLeading) this.#tell({ type: "news", news });
    this.#onChange();
  }

  relayStatus() {
    if (!this.isLeading) return;
    this.#heard = this.#connection.status;
    this.#tell({ type: "status", status: this.#heard });
    this.#onChange();
  }

  // Who leads

  #seek() {
    if (this.isLeading || this.#waiting) return;
    if (!this.#locks) return this.#lead(() => {});
    this.#waiting = new AbortController();
    this.#tell({ type: "hello" });
    this.#listen();
    void this.#request({ signal: this.#waiting.signal });
  }

  /** @param {LockOptions} options */
  async #request(options) {
    /** @type {(() => void) | undefined} */
    let release;
    try {
      await this.#locks?.request(SHARED_NAME, options, () => {
        if (this.#isHidden || this.isLeading) return;
        return new Promise((resolve) => {
          release = () => resolve(undefined);
          this.#stopWaiting();
          this.#lead(release);
        });
      });
    } catch {
      // Either this page no longer waits, or another one took the lock because this one seemed hung.
      if (release === undefined || this.#release !== release) return;
      this.resign();
      if (!this.#isHidden) this.#seek();
    }
  }

  /** @param {() => void} release */
  #lead(release) {
    this.#release = release;
    this.#connection.start();
    this.#beat();
  }

  #beat() {
    this.#tell({ type: "beat" });
    this.#timers.set("beat", BEAT_MS, () => this.#beat());
  }

  #stopWaiting() {
    const waiting = this.#waiting;
    this.#waiting = null;
    this.#timers.clear("silence");
    waiting?.abort();
  }

  /** Watches whether the leader lives; a page that hangs keeps its lock. */
  #listen() {
    this.#timers.set("silence", SILENCE_MS * (1 + this.#random()), () => {
      this.#stopWaiting();
      void this.#request({ steal: true });
    });
  }

  /** Lets a page lead that somebody looks at, where there is one. */
  async #handOver() {
    if (!this.isLeading || !this.#locks) return;
    const { pending = [] } = await this.#locks.query();
    if (this.#isHidden && pending.some((lock) => lock.name === SHARED_NAME)) this.resign();
  }

  // What pages tell each other

  /** @param {object} message */
  #tell(message) {
    this.#channel?.postMessage(message);
  }

  /** @param {any} message */
  #hear(message) {
    if (this.isLeading) return this.#answer(message.type);
    if (this.#waiting && ["status", "state", "news", "beat"].includes(message.type)) this.#listen();
    if (message.status) this.#heard = message.status;
    if (message.type === "state" && message.document.epoch !== null) this.#list.replace(message.document);
    if (message.type === "news") this.#follow(message.news);
    if (message.type === "status" || message.type === "state") this.#onChange();
  }

  /** @param {import("./feed.mjs").News} news */
  #follow({ kind, data, id }) {
    const outcome = kind === "list" ? this.#list.replace(data) : this.#list.change(data, id);
    if (outcome === "gap") this.#tell({ type: "hello" });
    if (outcome === "applied") this.#onChange();
  }

  /** @param {string} type */
  #answer(type) {
    if (type === "refresh") this.#connection.refresh();
    if (type === "login") this.#connection.loggedIn();
    if (type !== "hello") return;
    this.#tell({ type: "state", document: this.#list.document, status: this.status });
    void this.#handOver();
  }
}
