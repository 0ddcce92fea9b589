import { Api } from "../../Sources/SessionService/Page/api.mjs";
import { Presence } from "../../Sources/SessionService/Page/presence.mjs";
import { Reports } from "../../Sources/SessionService/Page/reports.mjs";
import { SessionList } from "../../Sources/SessionService/Page/session-list.mjs";
import { Connection } from "../../Sources/SessionService/Page/state-machine.mjs";

/** A clock that goes when it is told to, a network that answers as it is told to, and chance that is repeatable. */
export class MadeUpWorld {
  #now = 1_000_000;
  #timers = new Map();
  #ids = 0;
  /** Every EventSource ever made. */
  sources = [];
  /** Every request ever made: method, path, headers, body and when. */
  requests = [];
  beacons = [];
  /** What the service says, by path; a function of the request, or the answer itself. "never" is none, "down" fails. */
  answers = {
    "/api/assignment": assignment(),
    "/api/sessions": () => ({ body: list(1) }),
    "/api/client-reports": { status: 204 },
  };

  constructor(seed = 1) {
    this.random = seeded(seed);
    const world = this;
    this.EventSource = class extends MadeUpEventSource {
      constructor(url) {
        super(url);
        this.openedAt = world.now();
        world.sources.push(this);
      }
    };
  }

  now = () => this.#now;
  setTimeout = (work, ms) => {
    const id = ++this.#ids;
    this.#timers.set(id, { at: this.#now + Math.max(0, ms), work });
    return id;
  };
  clearTimeout = (id) => this.#timers.delete(id);

  sendBeacon = (path, body) => {
    this.beacons.push({ path, body });
    return true;
  };

  fetch = async (path, { method, headers, body, signal, keepalive }) => {
    this.requests.push({ method, path, headers, keepalive, body: body && JSON.parse(body), at: this.#now });
    const known = this.answers[path.split("?")[0]] ?? { status: 404 };
    const answer = typeof known === "function" ? known({ method, path, headers, body }) : known;
    if (answer === "down") throw new TypeError("fetch failed");
    if (answer === "never" || answer instanceof Promise) {
      await Promise.race([
        answer === "never" ? new Promise(() => {}) : answer,
        new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("aborted")))),
      ]);
    }
    const { status = 200, headers: fields = {}, body: content = "" } = answer instanceof Promise ? await answer : answer;
    return {
      status,
      headers: { get: (name) => fields[name] ?? null },
      text: async () => (typeof content === "string" ? content : JSON.stringify(content)),
    };
  };

  get timers() {
    return this.#timers.size;
  }

  get openSources() {
    return this.sources.filter((source) => source.readyState !== 2);
  }

  /** The last EventSource made. */
  get source() {
    return this.sources.at(-1);
  }

  /** The requests for a path. */
  asked(path) {
    return this.requests.filter((request) => request.path.split("?")[0] === path);
  }

  /** Lets time pass, and everything happen that is due by then. */
  async advance(ms) {
    const end = this.#now + ms;
    await settled();
    for (;;) {
      const due = [...this.#timers].filter(([, { at }]) => at <= end).sort(([a, x], [b, y]) => x.at - y.at || a - b)[0];
      if (!due) break;
      this.#timers.delete(due[0]);
      this.#now = Math.max(this.#now, due[1].at);
      due[1].work();
      await settled();
    }
    this.#now = end;
  }

  /** Lets time pass while the computer sleeps, so that all that was due by then is late. */
  sleep(ms) {
    this.#now += ms;
  }

  /** Lets time pass until a stream is open, an hour at most. */
  async advanceToStream() {
    for (let tick = 0; tick < 36_000 && this.openSources.length === 0; tick += 1) await this.advance(100);
  }
}

/** An EventSource whose server is the test. */
class MadeUpEventSource {
  readyState = 0;
  onerror = null;
  #listeners = new Map();

  constructor(url) {
    this.url = url;
  }

  addEventListener(kind, listener) {
    this.#listeners.set(kind, [...(this.#listeners.get(kind) ?? []), listener]);
  }

  close() {
    this.readyState = 2;
  }

  /** How many listeners an event has. */
  listeners(kind) {
    return this.#listeners.get(kind)?.length ?? 0;
  }

  /** Sends an event, even after `close`, as one that was on its way. */
  send(kind, data, lastEventId = "") {
    if (this.readyState === 0) this.readyState = 1;
    const text = typeof data === "string" ? data : JSON.stringify(data);
    for (const listener of this.#listeners.get(kind) ?? []) listener({ data: text, lastEventId });
  }

  snapshot(seq = 1, { epoch = "e", ...rest } = {}) {
    this.send("snapshot", { ...list(seq, epoch), reason: "initial", hb: 15_000, retryMs: [500, 3_000], ...rest }, `${epoch}-${seq}`);
  }

  delta(seq, prev = seq - 1, epoch = "e") {
    this.send("delta", { seq, prev, ops: [{ op: "upsert", session: session(`s${seq}`) }] }, `${epoch}-${seq}`);
  }

  /** The connection ends; the browser would try again by itself. */
  breaks() {
    if (this.readyState !== 2) this.readyState = 0;
    this.onerror?.({});
  }

  /** The service answers with something else than a stream. */
  isRefused() {
    this.readyState = 2;
    this.onerror?.({});
  }
}

/** A page's connection in a made-up world, and who it tells of what happens. */
export function page(world = new MadeUpWorld()) {
  const api = new Api(world);
  const sessions = new SessionList();
  const reports = new Reports(world, api);
  const observer = { onStatus: () => {}, onNews: () => {}, onSuspended: () => {} };
  const connection = new Connection(world, { api, list: sessions, reports }, observer);
  const presence = new Presence(world, connection);
  return { world, list: sessions, connection, presence, observer };
}

/** A page that is live at change 1. */
export async function livePage(world = new MadeUpWorld()) {
  const made = page(world);
  made.connection.start();
  await settled();
  world.source.snapshot();
  await settled();
  return made;
}

/** A page that polls because it is told to. */
export async function pollingPage(changes = {}, world = new MadeUpWorld()) {
  const made = page(world);
  world.answers["/api/assignment"] = assignment({ mode: "polling", ...changes });
  made.connection.start();
  await world.advance(0);
  return made;
}

/** A page that polls because streams break. */
export async function fallenPage(world = new MadeUpWorld()) {
  const made = await livePage(world);
  for (let failure = 0; failure < 3; failure += 1) {
    world.source.breaks();
    if (failure < 2) await world.advance(6_000);
  }
  await world.advance(0);
  return made;
}

/** What a page has said about its transport, as "mode reason". */
export function transports(world) {
  return world.asked("/api/client-reports").flatMap(({ body }) => (body.mode ? [`${body.mode} ${body.reason}`] : []));
}

/** How many times a page has reported that something failed. */
export function failures(world) {
  return world.asked("/api/client-reports").filter(({ body }) => body.failed).length;
}

/** An answer of `/api/assignment`. */
export function assignment(changes = {}) {
  return {
    body: {
      mode: "sse", bucket: 1, percentage: 100, flagVersion: 1, reason: "rollout",
      pollMs: 10_000, hb: 15_000, ttlMs: 60_000, firstEventMs: 10_000, probeMs: 60_000, suspendMs: 30_000,
      ...changes,
    },
  };
}

export function list(seq, epoch = "e") {
  return { epoch, seq, sessions: [session("a"), session("b")] };
}

export function session(id) {
  return { id, name: id, status: "running", command: ["make"], createdAt: "2026-01-01T00:00:00Z", updatedAt: "2026-01-01T00:00:00Z" };
}

/** Until everything that was promised has been kept. */
export function settled() {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Chance that is the same for the same seed (mulberry32). */
export function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
