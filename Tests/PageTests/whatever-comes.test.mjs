import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MadeUpWorld, assignment, list, page, seeded, settled } from "./made-up-world.mjs";

const SEQUENCES = 150;
const STEPS = 60;

/** Chance picks one. */
function pick(random, choices) {
  return choices[Math.floor(random() * choices.length)];
}

/** The service of one sequence: it changes its list, restarts, and answers as it likes. */
class Whims {
  epoch = "e";
  seq = 1;

  constructor(world, random) {
    this.random = random;
    const whim = (good) => () => {
      const roll = random();
      if (roll < 0.6) return good();
      return pick(random, [
        "down", "never", { status: 500 }, { status: 503, headers: { "Retry-After": "3" } },
        { status: 429, headers: { "Retry-After": "5" } }, { status: 401 }, { body: "<html>" }, { body: {} },
      ]);
    };
    world.answers["/api/assignment"] = whim(() =>
      assignment({ mode: random() < 0.75 ? "sse" : "polling", ttlMs: pick(random, [1_000, 60_000]), probeMs: 5_000 }));
    world.answers["/api/sessions"] = whim(() => (random() < 0.3 ? { status: 304 } : { body: list(this.seq, this.epoch) }));
    world.answers["/api/client-reports"] = whim(() => ({ status: 204 }));
  }

  /** Says something on a stream, of which some is late, repeated, lost or nonsense. */
  say(source) {
    const { random, epoch } = this;
    pick(random, [
      () => source.snapshot(this.seq, { epoch }),
      () => source.delta(++this.seq, this.seq - 1, epoch),
      () => source.delta(++this.seq, this.seq - 1, epoch),
      () => source.delta((this.seq += 2), this.seq - 1, epoch),
      () => source.delta(Math.max(1, this.seq - 1), this.seq - 2, epoch),
      () => source.send("ping", { seq: this.seq }),
      () => source.send("ping", { seq: this.seq + 1 }),
      () => source.send("control", { type: pick(random, ["drain", "reassign", "reauth", "nix"]), afterMs: random() * 3_000 }),
      () => source.send(pick(random, ["snapshot", "delta", "ping", "control"]), pick(random, ["", "null", "{}", "7", "[", '{"seq":1}'])),
    ])();
  }
}

/** One sequence of things that happen, with everything that must hold checked after each. */
async function play(seed) {
  const random = seeded(seed);
  const world = new MadeUpWorld(seed + 1);
  const { connection, presence, list: known } = page(world);
  const whims = new Whims(world, random);
  const happenings = {
    say: () => world.source && whims.say(world.openSources[0] ?? world.source),
    sayOld: () => world.sources.length > 0 && whims.say(pick(random, world.sources)),
    breaks: () => world.openSources[0]?.breaks(),
    refused: () => world.openSources[0]?.isRefused(),
    restart: () => Object.assign(whims, { epoch: `e${Math.floor(random() * 1e6)}`, seq: Math.floor(random() * 5) }),
    start: () => connection.start(),
    stop: () => random() < 0.2 && connection.stop(),
    loggedIn: () => connection.loggedIn(),
    refresh: () => connection.refresh(),
    hidden: () => presence.hidden(),
    visible: () => presence.visible(),
    left: () => presence.left(),
    online: () => presence.online(),
    short: () => world.advance(random() * 2_000),
    long: () => world.advance(random() * 70_000),
  };
  const names = [...Object.keys(happenings), "say", "say", "say", "short", "short", "short", "long", "visible"];
  const told = [];
  connection.start();
  let isHidden = false;
  for (let step = 0; step < STEPS; step += 1) {
    const name = pick(random, names);
    const before = { epoch: known.epoch, seq: known.seq };
    told.push(name);
    await happenings[name]();
    await settled();
    if (name === "hidden" || name === "visible") isHidden = name === "hidden";
    const where = `seed ${seed}: ${told.join(" ")} → ${connection.state}`;
    const { state } = connection;
    assert.ok(world.openSources.length <= 1, `more than one stream; ${where}`);
    // Retry, probe, steady; the list's return; a stream's two; poll; ask; three deadlines of requests; suspend.
    assert.ok(world.timers <= 12, `${world.timers} timers; ${where}`);
    if (known.epoch === before.epoch) assert.ok(known.seq >= before.seq, `the list goes back; ${where}`);
    if (state === "live" || state === "connecting") assert.equal(world.openSources.length, 1, `no stream; ${where}`);
    if (!["live", "connecting", "polling"].includes(state)) assert.equal(world.openSources.length, 0, `a stream; ${where}`);
    const isAtRest = ["closed", "suspended", "signed-out"].includes(state) || (isHidden && state === "polling");
    assert.ok(isAtRest || connection.isWaiting, `stuck; ${where}`);
  }
  connection.stop();
  presence.visible();
  const { length } = world.sources;
  await world.advance(20_000);
  assert.deepEqual([world.openSources.length, world.timers, world.sources.length], [0, 0, length], `seed ${seed}: after the end`);
  return { world, known, connection };
}

/** That attempts at streams keep their distance, whatever else happens. */
function distances(world) {
  return world.sources.slice(1).map((source, i) => source.openedAt - world.sources[i].openedAt);
}

describe("Whatever comes", () => {
  it("there is one stream at most, the list never goes back, and the page is never stuck", async () => {
    const first = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
    for (let seed = first; seed < first + SEQUENCES; seed += 1) await play(seed);
  });

  it("a service that accepts and breaks at once is asked less and less often", async () => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    const world = new MadeUpWorld(seed);
    const { connection } = page(world);
    connection.start();
    for (let tick = 0; tick < 6_000; tick += 1) {
      await world.advance(100);
      for (const source of world.openSources) {
        source.snapshot(1 + world.sources.length);
        source.breaks();
      }
    }
    assert.ok(distances(world).every((distance) => distance >= 250), `seed ${seed}: ${distances(world)}`);
    assert.ok(world.sources.length < 3 + 6, `seed ${seed}: ${world.sources.length} in ten minutes`);
  });
});
