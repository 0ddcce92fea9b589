import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { assignment, fallenPage, livePage, page, settled, transports } from "./made-up-world.mjs";

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
    assert.deepEqual(transports(world), ["sse initial", "polling fallback", "sse recovered"]);
  });

  it("says so even when it never had one", async () => {
    const { world, connection } = page();
    connection.start();
    await world.advance(10_000);
    assert.deepEqual(transports(world), ["polling fallback"]);
  });

  it("says so when it is not told any more what to do", async () => {
    const { world } = await livePage();
    world.answers["/api/assignment"] = { status: 429 };
    world.source.send("control", { type: "reassign", afterMs: 0 });
    await world.advance(60_000);
    assert.deepEqual(transports(world), ["sse initial", "polling fallback"]);
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
