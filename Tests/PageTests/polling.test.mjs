import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MadeUpWorld, assignment, list, livePage, page, settled } from "./made-up-world.mjs";

async function pollingPage(changes = {}, world = new MadeUpWorld()) {
  const made = page(world);
  world.answers["/api/assignment"] = assignment({ mode: "polling", ...changes });
  made.connection.start();
  await world.advance(0);
  return made;
}

/** A page that polls because streams break. */
async function fallenPage(world = new MadeUpWorld()) {
  const made = await livePage(world);
  for (let failure = 0; failure < 3; failure += 1) {
    world.source.breaks();
    if (failure < 2) await world.advance(6_000);
  }
  await world.advance(0);
  return made;
}

function gaps(requests) {
  return requests.slice(1).map((request, i) => request.at - requests[i].at);
}

describe("A page that cannot have a stream", () => {
  it("polls after three failures, and never stops trying", async () => {
    const { world, connection } = await fallenPage();
    assert.equal(connection.status.state, "polling");
    assert.equal(world.asked("/api/sessions").length, 1);
    const attempts = world.sources.length;
    for (let minute = 0; minute < 60; minute += 1) {
      await world.advance(60_000);
      for (const source of world.openSources) source.breaks();
    }
    assert.ok(world.sources.length > attempts + 5);
    assert.equal(connection.status.state, "polling");
  });

  it("polls when a stream stays silent from the start", async () => {
    const { world, connection, list: known } = page();
    connection.start();
    await world.advance(9_999);
    assert.equal(connection.state, "connecting");
    await world.advance(1);
    assert.equal(connection.status.state, "polling");
    assert.deepEqual([world.openSources.length, known.seq], [0, 1]);
  });

  it("polls when a stream says only that it lives", async () => {
    const { world, connection } = page();
    connection.start();
    await settled();
    for (let second = 0; second < 10; second += 1) {
      await world.advance(1_000);
      world.source.send("ping", { seq: 1 });
    }
    await world.advance(0);
    assert.equal(connection.status.state, "polling");
  });

  it("polls when streams are refused, and asks each time what it is meant to do", async () => {
    const { world, connection } = page();
    connection.start();
    await settled();
    for (let failure = 1; failure <= 3; failure += 1) {
      world.source.isRefused();
      await settled();
      assert.equal(world.asked("/api/assignment").length, 1 + failure);
      if (failure < 3) await world.advance(10_000);
    }
    assert.equal(connection.status.state, "polling");
  });

  it("polls at once, and calls it no failure, when the service has no stream for it", async () => {
    const { world, connection } = await livePage();
    world.answers["/api/assignment"] = assignment({ mode: "polling" });
    world.source.isRefused();
    await settled();
    assert.equal(connection.status.state, "polling");
    assert.equal(world.asked("/api/client-reports").filter(({ body }) => body.failed).length, 0);
  });

  it("waits as long as the service asks", async () => {
    const { world, connection } = await livePage();
    world.answers["/api/assignment"] = { status: 503, headers: { "Retry-After": "20" } };
    world.source.isRefused();
    await settled();
    assert.equal(connection.status.retryAt, world.now() + 20_000);
    world.answers["/api/assignment"] = assignment();
    await world.advance(19_999);
    assert.equal(world.sources.length, 1);
    await world.advance(1);
    assert.equal(world.sources.length, 2);
  });

  it("tries a stream after a minute, then ever more seldom, up to ten times that", async () => {
    const { world } = await fallenPage();
    const times = [world.now()];
    const before = world.sources.length;
    while (world.sources.length < before + 7) {
      const { length } = world.sources;
      await world.advance(1_000);
      if (world.sources.length > length) {
        times.push(world.source.openedAt);
        world.source.breaks();
      }
    }
    const waits = times.slice(1).map((time, i) => time - times[i]);
    for (const [i, wait] of waits.entries()) {
      const meant = 60_000 * Math.min(10, 2 ** i);
      assert.ok(wait > meant * 0.9 - 1_001 && wait < meant * 1.1 + 1_001, `${waits}`);
    }
  });

  it("goes on polling until a stream has told its list, and then no more", async () => {
    const { world, connection } = await fallenPage();
    await world.advance(66_000);
    assert.equal(world.openSources.length, 1);
    assert.equal(connection.status.state, "polling");
    const during = world.asked("/api/sessions").length;
    await world.advance(5_000);
    world.source.snapshot(7);
    assert.equal(connection.status.state, "live");
    const { length } = world.asked("/api/sessions");
    assert.ok(length >= during);
    await world.advance(30_000);
    assert.equal(world.asked("/api/sessions").length, length);
    assert.deepEqual(world.asked("/api/client-reports").flatMap(({ body }) => body.mode ? [[body.mode, body.reason]] : []), [
      ["sse", "initial"], ["polling", "fallback"], ["sse", "recovered"],
    ]);
  });

  it("falls back at once when the stream it got back breaks soon", async () => {
    const { world, connection } = await fallenPage();
    await world.advance(66_000);
    world.source.snapshot(7);
    await world.advance(1_000);
    world.source.breaks();
    assert.equal(connection.status.state, "polling");
  });
});

describe("Polling", () => {
  it("asks every ten seconds give or take a tenth, with what it has", async () => {
    const { world } = await pollingPage({ ttlMs: 10_000_000 });
    world.answers["/api/sessions"] = () => ({ status: 304 });
    await world.advance(1_000_000);
    const [first, ...rest] = world.asked("/api/sessions");
    assert.equal(first.headers["If-None-Match"], undefined);
    assert.ok(rest.every(({ headers }) => headers["If-None-Match"] === '"e-1"'));
    const waits = gaps(world.asked("/api/sessions"));
    assert.ok(waits.length > 90 && waits.every((wait) => wait >= 9_000 && wait <= 11_000), `${waits}`);
    assert.ok(Math.max(...waits) - Math.min(...waits) > 1_000, "the waits differ");
  });

  it("waits for an answer before it asks again", async () => {
    const { world } = await pollingPage();
    world.answers["/api/sessions"] = "never";
    await world.advance(20_500);
    const { length } = world.asked("/api/sessions");
    assert.ok(length <= 2, `${length}`);
  });

  it("honours Retry-After and says what is wrong", async () => {
    for (const [status, state] of [[429, "polling"], [503, "offline"]]) {
      const { world, connection } = await pollingPage();
      world.answers["/api/sessions"] = { status, headers: { "Retry-After": "42" } };
      await world.advance(11_000);
      const { length } = world.asked("/api/sessions");
      assert.equal(connection.status.state, state);
      assert.match(connection.status.problem, /42 seconds/);
      const { at } = world.asked("/api/sessions").at(-1);
      connection.refresh();
      await world.advance(at + 41_999 - world.now());
      assert.equal(world.asked("/api/sessions").length, length, "not even for a refresh");
      await world.advance(11_000);
      assert.equal(world.asked("/api/sessions").length, length + 1);
    }
  });

  it("is offline while nothing can be reached, and polling again after", async () => {
    const { world, connection } = await pollingPage();
    world.answers["/api/sessions"] = "down";
    await world.advance(11_000);
    assert.equal(connection.status.state, "offline");
    assert.match(connection.status.problem, /cannot be reached/);
    world.answers["/api/sessions"] = () => ({ body: list(2) });
    await world.advance(11_000);
    assert.deepEqual([connection.status.state, connection.status.problem], ["polling", null]);
  });

  it("pauses while the page is hidden and goes on when it is not", async () => {
    const { world, presence } = await pollingPage({ suspendMs: 10_000_000 });
    presence.hidden();
    const { length } = world.asked("/api/sessions");
    await world.advance(100_000);
    assert.equal(world.asked("/api/sessions").length, length);
    presence.visible();
    await world.advance(0);
    assert.equal(world.asked("/api/sessions").length, length + 1);
    for (let flicker = 0; flicker < 20; flicker += 1) {
      presence.hidden();
      presence.visible();
      await world.advance(10);
    }
    assert.equal(world.asked("/api/sessions").length, length + 1, "looking away and back is no reason to ask");
  });

  it("does not let a late answer take the list back", async () => {
    const { world, connection, list: known } = await pollingPage();
    let answer;
    world.answers["/api/sessions"] = () => new Promise((resolve) => (answer = resolve));
    world.answers["/api/assignment"] = assignment();
    await world.advance(66_000);
    connection.refresh();
    await world.advance(0);
    world.source.snapshot(9);
    // Of another run of the service, so that the numbers alone do not tell which is newer.
    answer({ body: list(3, "before") });
    await settled();
    assert.deepEqual([known.cursor, connection.state], ["e-9", "live"]);
  });

  it("stays paused when an answer comes while the page is hidden", async () => {
    const { world, presence } = await pollingPage({ suspendMs: 10_000_000, ttlMs: 10_000_000 });
    let answer;
    world.answers["/api/sessions"] = () => new Promise((resolve) => (answer = resolve));
    await world.advance(11_000);
    presence.hidden();
    answer({ body: list(2) });
    const { length } = world.asked("/api/sessions");
    await world.advance(100_000);
    assert.equal(world.asked("/api/sessions").length, length);
  });

  it("asks soon when somebody has changed something", async () => {
    const { world, connection } = await pollingPage();
    const { length } = world.asked("/api/sessions");
    connection.refresh();
    await world.advance(0);
    assert.equal(world.asked("/api/sessions").length, length + 1);
  });
});

describe("A flag that changes while the page is open", () => {
  it("moves it to a stream and back without a gap", async () => {
    const { world, connection } = await pollingPage();
    world.answers["/api/assignment"] = assignment();
    await world.advance(66_000);
    assert.equal(world.openSources.length, 1);
    assert.equal(connection.status.state, "polling");
    world.source.snapshot(5);
    assert.equal(connection.status.state, "live");
    world.answers["/api/assignment"] = assignment({ mode: "polling" });
    for (let i = 0; i < 7; i += 1) {
      await world.advance(10_000);
      world.source.send("ping", { seq: 5 });
    }
    assert.equal(connection.status.state, "polling");
    assert.equal(world.openSources.length, 0);
    assert.deepEqual(world.asked("/api/client-reports").map(({ body }) => `${body.mode} ${body.reason}`), [
      "polling initial", "sse reassign", "polling reassign",
    ]);
  });

  it("gives a stream three chances before it is tried seldom", async () => {
    const { world, connection } = await pollingPage();
    world.answers["/api/assignment"] = assignment();
    await world.advance(66_000);
    world.source.breaks();
    await world.advance(6_000);
    assert.equal(world.sources.length, 2);
    assert.equal(connection.status.state, "polling");
  });

  it("takes the hope of a stream away from a page that waits for one", async () => {
    const { world } = await fallenPage();
    world.answers["/api/assignment"] = assignment({ mode: "polling" });
    await world.advance(66_000);
    const { length } = world.sources;
    await world.advance(1_000_000);
    assert.ok(world.sources.length === length && world.openSources.length === 0);
  });

  it("calls it no failure when a stream beside the polls is refused because of it", async () => {
    const { world } = await fallenPage();
    await world.advanceToStream();
    const failed = () => world.asked("/api/client-reports").filter(({ body }) => body.failed).length;
    const before = failed();
    world.answers["/api/assignment"] = assignment({ mode: "polling" });
    world.source.isRefused();
    await settled();
    assert.equal(failed(), before);
  });

  it("is asked for again when it could not be had", async () => {
    const { world, connection } = page();
    world.answers["/api/assignment"] = "down";
    connection.start();
    await settled();
    assert.equal(connection.status.state, "reconnecting");
    world.answers["/api/sessions"] = "down";
    await world.advance(10_000);
    assert.equal(connection.status.state, "offline");
    world.answers["/api/assignment"] = assignment();
    await world.advanceToStream();
    world.source.snapshot();
    assert.equal(connection.status.state, "live");
  });
});
