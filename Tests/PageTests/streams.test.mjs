import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MadeUpWorld, assignment, livePage, page, settled } from "./made-up-world.mjs";

describe("A page with a stream", () => {
  it("is live when the list is there, and not when the connection is", async () => {
    const { world, connection, list } = page();
    connection.start();
    await settled();
    assert.equal(world.source.url, "/api/sse/sessions");
    assert.equal(connection.status.state, "connecting");
    world.source.readyState = 1;
    world.source.onopen?.({});
    assert.equal(connection.status.state, "connecting");
    world.source.snapshot();
    assert.equal(connection.status.state, "live");
    assert.deepEqual(list.sessions.map(({ id }) => id), ["a", "b"]);
  });

  it("has one stream and one listener for each event after three outages", async () => {
    const { world, connection } = await livePage();
    for (let outage = 0; outage < 3; outage += 1) {
      const old = world.source;
      old.breaks();
      assert.equal(old.readyState, 2, "the browser's own reconnecting is ended");
      assert.equal(world.openSources.length, 0);
      assert.equal(connection.status.state, "reconnecting");
      await world.advanceToStream();
      assert.equal(world.openSources.length, 1);
      assert.equal(world.source.url, "/api/sse/sessions?last_event_id=e-1");
      for (const kind of ["snapshot", "delta", "ping", "control"]) assert.equal(world.source.listeners(kind), 1);
      world.source.send("ping", { seq: 1 });
      assert.equal(connection.status.state, "live");
      await world.advance(31_000);
    }
    assert.equal(world.sources.length, 4);
  });

  it("hears nothing from a stream it has given up", async () => {
    const { world, connection, list } = await livePage();
    const old = world.source;
    old.breaks();
    old.delta(2);
    old.snapshot(9);
    old.breaks();
    assert.equal(list.seq, 1);
    assert.equal(connection.state, "backoff");
    assert.equal(world.sources.length, 1);
  });

  it("keeps earlier failures until a stream has lived for 30 s", async () => {
    const { world, connection } = await livePage();
    for (let failure = 1; failure <= 2; failure += 1) {
      world.source.breaks();
      await world.advanceToStream();
      world.source.snapshot(1 + failure);
      await world.advance(29_000);
      world.source.send("ping", { seq: 1 + failure });
    }
    world.source.breaks();
    assert.equal(connection.state, "polling", "accepting and closing is no success");
    const steady = await livePage();
    for (let failure = 1; failure <= 5; failure += 1) {
      steady.world.source.breaks();
      await steady.world.advance(3_000);
      steady.world.source.snapshot(1 + failure);
      await steady.world.advance(30_000);
    }
    assert.equal(steady.connection.state, "live");
  });

  it("counts a stream as dead after two and a half intervals without a word", async () => {
    const { world, connection } = await livePage();
    for (let seq = 0; seq < 4; seq += 1) {
      await world.advance(37_000);
      world.source.send("ping", { seq: 1 });
    }
    assert.equal(world.sources.length, 1);
    await world.advance(37_499);
    assert.equal(connection.state, "live");
    await world.advance(1);
    assert.equal(connection.state, "backoff");
    assert.equal(world.openSources.length, 0);
  });

  it("asks for everything when a change is missing", async () => {
    const { world, connection, list } = await livePage();
    world.source.delta(2);
    world.source.delta(4);
    assert.equal(list.seq, 2);
    assert.equal(connection.state, "backoff");
    await world.advance(3_000);
    assert.equal(world.source.url, "/api/sse/sessions");
    world.source.snapshot(4);
    world.source.breaks();
    await world.advance(6_000);
    assert.equal(world.source.url, "/api/sse/sessions?last_event_id=e-4");
  });

  it("asks for everything when pings speak of a change that never came", async () => {
    const { world, connection } = await livePage();
    world.source.send("ping", { seq: 2 });
    assert.equal(connection.state, "live", "a ping may overtake a change");
    world.source.delta(2);
    world.source.send("ping", { seq: 3 });
    world.source.send("ping", { seq: 3 });
    assert.equal(connection.state, "backoff");
    await world.advance(3_000);
    assert.equal(world.source.url, "/api/sse/sessions");
  });

  it("gives up a stream that talks nonsense", async () => {
    for (const [kind, data] of [["delta", "{"], ["snapshot", { seq: 2 }], ["delta", "null"], ["ping", "7"]]) {
      const { world, connection } = await livePage();
      world.source.send(kind, data);
      assert.equal(connection.state, "backoff", `${kind} ${data}`);
    }
  });

  it("goes away and comes back when the service drains, as often as it likes", async () => {
    const { world, connection } = await livePage();
    for (let drain = 0; drain < 5; drain += 1) {
      world.source.send("control", { type: "drain", afterMs: 1_834 });
      assert.deepEqual([connection.status.state, world.openSources.length], ["reconnecting", 0]);
      await world.advance(1_833);
      assert.equal(world.openSources.length, 0);
      await world.advance(1);
      assert.equal(world.source.url, "/api/sse/sessions?last_event_id=e-1");
      world.source.send("ping", { seq: 1 });
      assert.equal(connection.state, "live");
    }
    assert.equal(world.asked("/api/client-reports").filter(({ body }) => body.failed).length, 0);
  });

  it("does not come back at once, even when the service says so", async () => {
    const { world } = await livePage();
    world.source.send("control", { type: "drain", afterMs: 0 });
    await world.advance(249);
    assert.equal(world.openSources.length, 0);
    await world.advance(1);
    assert.equal(world.openSources.length, 1);
  });

  it("asks again what to do when the flag has changed for it", async () => {
    const { world, connection } = await livePage();
    world.answers["/api/assignment"] = assignment({ mode: "polling" });
    world.source.send("control", { type: "reassign", afterMs: 5_000 });
    assert.equal(world.openSources.length, 0);
    await world.advance(5_000);
    assert.equal(connection.status.state, "polling");
    assert.deepEqual(world.asked("/api/client-reports").map(({ body }) => body), [
      { mode: "sse", reason: "initial" },
      { mode: "polling", reason: "reassign" },
    ]);
  });

  it("asks for a login when the old one has ended, and goes on after it", async () => {
    const { world, connection } = await livePage();
    world.answers["/api/assignment"] = { status: 401 };
    world.source.send("control", { type: "reauth", afterMs: 0 });
    await world.advance(1_000);
    assert.deepEqual([connection.status.state, connection.status.isLoginNeeded], ["offline", true]);
    assert.deepEqual([world.openSources.length, world.timers], [0, 0]);
    world.answers["/api/assignment"] = assignment();
    connection.loggedIn();
    await settled();
    world.source.send("ping", { seq: 1 });
    assert.deepEqual([connection.status.state, connection.status.isLoginNeeded], ["live", false]);
  });

  it("leaves no timer, stream or request behind when it is stopped, however often", async () => {
    for (const wait of [0, 1, 100]) {
      const { world, connection } = page();
      connection.start();
      connection.start();
      await world.advance(wait);
      connection.stop();
      connection.stop();
      const { length } = world.requests;
      await world.advance(11_000);
      assert.deepEqual([world.openSources.length, world.timers, world.requests.length], [0, 0, length]);
    }
    const { world, connection } = await livePage();
    world.source.breaks();
    connection.stop();
    await world.advance(100_000);
    assert.deepEqual([world.sources.length, world.timers, connection.status.state], [1, 0, "offline"]);
  });

  it("starts again after it was stopped, without hearing what came for the start before", async () => {
    const { world, connection } = page();
    const late = new Promise((resolve) => setTimeout(() => resolve(assignment({ mode: "polling" })), 20));
    world.answers["/api/assignment"] = () => late;
    connection.start();
    await settled();
    connection.stop();
    world.answers["/api/assignment"] = assignment();
    connection.start();
    await settled();
    world.source.snapshot();
    await late;
    await settled();
    assert.equal(connection.state, "live");
    assert.equal(world.asked("/api/sessions").length, 0);
  });
});

describe("Waiting before another attempt", () => {
  it("shows the wait that is waited", async () => {
    const { world, connection } = await livePage(new MadeUpWorld(5));
    world.source.breaks();
    const wait = connection.status.retryAt - world.now();
    assert.ok(wait >= 500 && wait <= 3_000, `${wait}`);
    await world.advance(wait - 1);
    assert.equal(world.sources.length, 1);
    await world.advance(1);
    assert.equal(world.sources.length, 2);
  });

  it("is shortened when the network comes back, unless the service asked for it", async () => {
    const { world, connection, presence } = await livePage(new MadeUpWorld(3));
    world.source.breaks();
    presence.online();
    await world.advance(500);
    assert.equal(world.sources.length, 2);
    world.source.send("ping", { seq: 1 });
    world.source.send("control", { type: "drain", afterMs: 5_000 });
    presence.online();
    await world.advance(4_999);
    assert.deepEqual([world.sources.length, connection.state], [2, "backoff"]);
  });
});
