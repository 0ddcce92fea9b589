import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Sharing } from "../../Sources/SessionService/Page/sharing.mjs";
import { MadeUpWorld, page, settled } from "./made-up-world.mjs";

/** A browser's locks and channels, for all pages of a test. */
class MadeUpBrowser {
  channels = new Set();
  #queue = [];
  #held = null;

  channel() {
    const channel = {
      onmessage: null,
      postMessage: (data) => {
        if (!this.channels.has(channel)) return;
        for (const other of this.channels) {
          if (other !== channel) queueMicrotask(() => other.onmessage?.({ data: structuredClone(data) }));
        }
      },
    };
    this.channels.add(channel);
    return channel;
  }

  /** The locks as one page sees them; `die` gives up what the page holds or waits for. */
  locks() {
    const mine = new Set();
    return {
      request: (name, { signal, steal }, work) =>
        new Promise((resolve, reject) => {
          const entry = { name, work, resolve, reject, mine };
          mine.add(entry);
          signal?.addEventListener("abort", () => {
            if (this.#held === entry) return;
            this.#queue = this.#queue.filter((other) => other !== entry);
            reject(new Error("AbortError"));
          });
          if (!steal) this.#queue.push(entry);
          else {
            this.#held?.reject(new Error("AbortError"));
            this.#held = null;
            this.#queue.unshift(entry);
          }
          queueMicrotask(() => this.#grant());
        }),
      query: async () => ({ held: this.#held ? [{ name: this.#held.name }] : [], pending: this.#queue.map(({ name }) => ({ name })) }),
      die: () => {
        this.#queue = this.#queue.filter((entry) => !mine.has(entry));
        if (mine.has(this.#held)) this.#held = null;
        queueMicrotask(() => this.#grant());
      },
    };
  }

  #grant() {
    if (this.#held || this.#queue.length === 0) return;
    const entry = this.#queue.shift();
    this.#held = entry;
    Promise.resolve(entry.work({})).then((value) => {
      if (this.#held !== entry) return;
      this.#held = null;
      entry.resolve(value);
      this.#grant();
    });
  }
}

/** One more page of a browser, in the world of all of them. */
async function open(browser, world, { isHidden = false } = {}) {
  const locks = browser?.locks();
  const made = page(world);
  const channel = browser?.channel();
  let changes = 0;
  const sharing = new Sharing(world, { locks, channel }, made, () => (changes += 1));
  // As the page wires them.
  made.observer.onStatus = () => sharing.relayStatus();
  made.observer.onNews = (news) => sharing.relayNews(news);
  made.observer.onSuspended = () => sharing.resign();
  sharing.start(isHidden);
  await settled();
  const die = () => {
    made.connection.stop();
    if (channel) browser.channels.delete(channel);
    locks?.die();
  };
  return { ...made, sharing, die, hang: () => channel && browser.channels.delete(channel), get changes() { return changes; } };
}

async function seven() {
  const [browser, world] = [new MadeUpBrowser(), new MadeUpWorld()];
  const pages = [];
  for (let i = 0; i < 7; i += 1) pages.push(await open(browser, world));
  world.source.snapshot();
  await settled();
  return { browser, world, pages };
}

describe("Seven pages of one browser", () => {
  it("have one stream, and all are live with the same list", async () => {
    const { world, pages } = await seven();
    assert.equal(world.sources.length, 1);
    world.source.delta(2);
    await settled();
    for (const { sharing, list } of pages) assert.deepEqual([sharing.status.state, list.cursor, list.sessions.length], ["live", "e-2", 3]);
    assert.equal(world.asked("/api/assignment").length, 1);
  });

  it("have another leader when theirs dies, which goes on where the list is", async () => {
    const { world, pages } = await seven();
    world.source.delta(2);
    await settled();
    pages[0].die();
    await settled();
    assert.equal(world.openSources.length, 1);
    assert.equal(world.source.url, "/api/sse/sessions?last_event_id=e-2");
    world.source.send("ping", { seq: 2 });
    await settled();
    for (const { sharing } of pages.slice(1)) assert.equal(sharing.status.state, "live");
    assert.equal(pages.slice(1).filter(({ sharing }) => sharing.isLeading).length, 1);
  });

  it("have another leader when theirs hangs with the lock in its hand", async () => {
    const { world, pages } = await seven();
    pages[0].hang();
    for (let second = 0; second < 45; second += 1) {
      await world.advance(1_000);
      world.openSources[0]?.send("ping", { seq: 1 });
    }
    assert.equal(pages.slice(1).filter(({ sharing }) => sharing.isLeading).length, 1);
    assert.ok(!pages[0].sharing.isLeading, "who was hung finds out");
    assert.equal(world.openSources.length, 1);
  });

  it("have a leader that somebody looks at", async () => {
    const { world, pages } = await seven();
    pages[0].sharing.hidden();
    await settled();
    assert.ok(!pages[0].sharing.isLeading && world.openSources.length === 1);
    world.source.send("ping", { seq: 1 });
    await settled();
    pages[0].sharing.visible();
    await settled();
    assert.equal(world.openSources.length, 1);
    assert.equal(pages[0].sharing.status.state, "live");
  });

  it("let go when nobody looks at any of them, and come back with one stream", async () => {
    const { world, pages } = await seven();
    for (const { sharing } of pages) {
      sharing.hidden();
      await settled();
    }
    await world.advance(31_000);
    assert.deepEqual([world.openSources.length, pages.filter(({ sharing }) => sharing.isLeading).length], [0, 0]);
    pages[3].sharing.visible();
    await settled();
    assert.equal(world.openSources.length, 1);
    assert.ok(pages[3].sharing.isLeading);
  });

  it("poll once for all of them, and sooner when one asks for it", async () => {
    const [browser, world] = [new MadeUpBrowser(), new MadeUpWorld()];
    world.answers["/api/assignment"] = { body: { mode: "polling" } };
    const pages = [await open(browser, world), await open(browser, world)];
    await world.advance(0);
    const { length } = world.asked("/api/sessions");
    pages[1].sharing.refresh();
    await world.advance(0);
    assert.equal(world.asked("/api/sessions").length, length + 1);
    for (const { sharing, list } of pages) assert.deepEqual([sharing.status.state, list.seq], ["polling", 1]);
  });

  it("all want a login, and one login serves all", async () => {
    const [browser, world] = [new MadeUpBrowser(), new MadeUpWorld()];
    const good = world.answers["/api/assignment"];
    world.answers["/api/assignment"] = { status: 401 };
    const pages = [await open(browser, world), await open(browser, world)];
    for (const { sharing } of pages) assert.ok(sharing.status.isLoginNeeded);
    world.answers["/api/assignment"] = good;
    pages[1].sharing.loggedIn();
    await settled();
    world.source.snapshot();
    await settled();
    for (const { sharing } of pages) assert.equal(sharing.status.state, "live");
  });

  it("keep the list right when one of them misses a change", async () => {
    const { world, pages } = await seven();
    pages[1].list.clear();
    pages[1].list.replace({ epoch: "e", seq: 0, sessions: [] });
    world.source.delta(2);
    await settled();
    assert.deepEqual([pages[1].list.cursor, pages[1].list.sessions.length], ["e-2", 3]);
  });
});

describe("A leader that is hidden", () => {
  it("hands over when somebody opens another page", async () => {
    const [browser, world] = [new MadeUpBrowser(), new MadeUpWorld()];
    const first = await open(browser, world);
    world.source.snapshot();
    first.sharing.hidden();
    await settled();
    assert.ok(first.sharing.isLeading, "nobody else is there");
    const second = await open(browser, world);
    await settled();
    assert.ok(second.sharing.isLeading && !first.sharing.isLeading);
    assert.equal(world.source.url, "/api/sse/sessions?last_event_id=e-1");
  });
});

describe("A page", () => {
  it("stands alone where a browser has no locks or no channels", async () => {
    const world = new MadeUpWorld();
    const pages = [await open(undefined, world), await open(undefined, world)];
    assert.equal(world.openSources.length, 2);
    pages[0].sharing.left();
    assert.equal(world.openSources.length, 1);
    pages[0].sharing.visible();
    await settled();
    assert.equal(world.openSources.length, 2);
  });

  it("that is opened in the background waits until somebody looks", async () => {
    const [browser, world] = [new MadeUpBrowser(), new MadeUpWorld()];
    const hidden = await open(browser, world, { isHidden: true });
    await world.advance(60_000);
    assert.equal(world.requests.length, 0);
    hidden.sharing.visible();
    await settled();
    assert.equal(world.openSources.length, 1);
  });

  it("that is left and comes back has one stream", async () => {
    const [browser, world] = [new MadeUpBrowser(), new MadeUpWorld()];
    const { sharing } = await open(browser, world);
    world.source.snapshot();
    for (let round = 0; round < 3; round += 1) {
      sharing.left();
      await settled();
      assert.equal(world.openSources.length, 0);
      sharing.visible();
      sharing.visible();
      await settled();
      assert.equal(world.openSources.length, 1);
    }
  });
});
