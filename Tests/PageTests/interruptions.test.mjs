import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { assignment, failures, fallenPage, livePage, page, pollingPage, settled } from "./made-up-world.mjs";

describe("A stream that breaks", () => {
  it("is no failure when the list is shown again before a poll would have been", async () => {
    for (const shows of [(source) => source.snapshot(2), (source) => source.send("ping", { seq: 1 })]) {
      const { world, connection } = await livePage();
      world.source.breaks();
      await world.advanceToStream();
      shows(world.source);
      await world.advance(30_000);
      assert.deepEqual([connection.state, failures(world)], ["live", 0]);
    }
  });

  it("is a failure when the list is not shown again by then", async () => {
    const { world } = await livePage();
    world.source.breaks();
    await world.advance(9_999);
    assert.equal(failures(world), 0);
    await world.advance(1);
    assert.equal(failures(world), 1);
  });

  it("is a failure at once when it is the second in that time, live in between or not", async () => {
    for (const isLive of [true, false]) {
      const { world } = await livePage();
      world.source.breaks();
      await world.advanceToStream();
      if (isLive) world.source.snapshot(2);
      world.source.breaks();
      await settled();
      assert.equal(failures(world), 1);
    }
  });

  it("is no failure every now and then", async () => {
    const { world } = await livePage();
    for (let seq = 2; seq < 6; seq += 1) {
      world.source.breaks();
      await world.advanceToStream();
      world.source.snapshot(seq);
      await world.advance(35_000);
    }
    assert.equal(failures(world), 0);
  });

  it("is a failure when nothing was heard for long, or what was heard was wrong", async () => {
    const silent = await livePage();
    await silent.world.advance(37_500);
    assert.equal(failures(silent.world), 1);
    const lossy = await livePage();
    lossy.world.source.delta(3);
    await settled();
    assert.equal(failures(lossy.world), 1);
  });

  it("is no failure of a computer that slept", async () => {
    const asleep = await livePage();
    asleep.world.sleep(3_600_000);
    await asleep.world.advance(0);
    await asleep.world.advanceToStream();
    asleep.world.source.snapshot(2);
    await asleep.world.advance(20_000);
    assert.equal(failures(asleep.world), 0);
    // The network goes first when a lid is closed.
    const closing = await livePage();
    closing.world.source.breaks();
    closing.world.sleep(3_600_000);
    await closing.world.advance(5_000);
    closing.world.source.snapshot(2);
    await closing.world.advance(20_000);
    assert.equal(failures(closing.world), 0);
  });

  it("is forgotten when nobody waits for it", async () => {
    const { world, connection } = await livePage();
    world.source.breaks();
    connection.suspend();
    await world.advance(20_000);
    assert.deepEqual([failures(world), world.timers], [0, 0]);
  });

  it("is no failure when the page is told to poll instead", async () => {
    const { world } = await livePage();
    world.source.breaks();
    world.answers["/api/assignment"] = assignment({ mode: "polling" });
    await world.advanceToStream();
    world.source.isRefused();
    await world.advance(20_000);
    assert.equal(failures(world), 0);
  });
});

describe("A first stream", () => {
  it("may fail once before it shows the list", async () => {
    for (const fails of [(source) => source.breaks(), (source) => source.isRefused()]) {
      const { world, connection } = page();
      connection.start();
      await settled();
      fails(world.source);
      await settled();
      await world.advanceToStream();
      world.source.snapshot();
      await world.advance(20_000);
      assert.deepEqual([connection.state, failures(world)], ["live", 0]);
    }
  });

  it("that comes too late is a failure at once", async () => {
    const { world, connection } = page();
    connection.start();
    await world.advance(10_000);
    assert.deepEqual([connection.state, failures(world)], ["polling", 1]);
  });

  it("that is refused by a service that answers nothing else is a failure at once", async () => {
    const { world, connection } = page();
    connection.start();
    await settled();
    world.answers["/api/assignment"] = { status: 503 };
    world.source.isRefused();
    await settled();
    assert.equal(failures(world), 1);
  });

  it("beside polls may fail as well, until there is no hope left", async () => {
    const { world } = await pollingPage();
    world.answers["/api/assignment"] = assignment();
    await world.advanceToStream();
    world.source.breaks();
    await world.advanceToStream();
    assert.equal(failures(world), 0);
    world.source.snapshot(2);
    await world.advance(20_000);
    assert.equal(failures(world), 0);
    const fallen = await fallenPage();
    const before = failures(fallen.world);
    await fallen.world.advanceToStream();
    fallen.world.source.breaks();
    await settled();
    assert.equal(failures(fallen.world), before + 1);
  });
});
