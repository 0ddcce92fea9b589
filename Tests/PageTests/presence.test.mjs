import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { assignment, livePage, settled } from "./made-up-world.mjs";

describe("A page that nobody looks at", () => {
  it("keeps its stream for 30 s and then lets go, with its place kept", async () => {
    const { world, connection, presence } = await livePage();
    presence.hidden();
    await world.advance(29_999);
    assert.equal(world.openSources.length, 1);
    await world.advance(1);
    assert.deepEqual([connection.state, world.openSources.length, world.timers], ["suspended", 0, 0]);
    presence.visible();
    await settled();
    assert.equal(world.source.url, "/api/sse/sessions?last_event_id=e-1");
    world.source.send("ping", { seq: 1 });
    assert.equal(connection.state, "live");
  });

  it("stays as it is when it is looked at again soon", async () => {
    const { world, connection, presence } = await livePage();
    for (let flicker = 0; flicker < 5; flicker += 1) {
      presence.hidden();
      await world.advance(6_000);
      presence.visible();
      world.source.send("ping", { seq: 1 });
    }
    assert.deepEqual([world.sources.length, connection.state], [1, "live"]);
  });

  it("waits as long as the service says", async () => {
    const { world, connection, presence } = await livePage();
    world.answers["/api/assignment"] = assignment({ suspendMs: 2_000 });
    connection.stop();
    connection.start();
    await settled();
    presence.hidden();
    await world.advance(2_000);
    assert.equal(connection.state, "suspended");
  });

  it("lets go at once when it is left, and comes back by Back", async () => {
    const { world, connection, presence } = await livePage();
    presence.left();
    presence.left();
    assert.deepEqual([connection.state, world.openSources.length, world.timers], ["suspended", 0, 0]);
    presence.visible();
    await settled();
    assert.equal(world.openSources.length, 1);
  });

  it("comes back with the network, but not while it is hidden", async () => {
    const { world, connection, presence } = await livePage();
    presence.left();
    presence.hidden();
    presence.online();
    assert.equal(connection.state, "suspended");
    presence.visible();
    presence.left();
    presence.online();
    await settled();
    assert.equal(world.openSources.length, 1);
  });

  it("begins without the failures from before", async () => {
    const { world, connection, presence } = await livePage();
    world.source.breaks();
    await world.advanceToStream();
    world.source.breaks();
    presence.left();
    presence.visible();
    await settled();
    world.source.breaks();
    assert.equal(connection.state, "backoff");
  });

  it("asks again what to do when it was away for longer than the answer holds", async () => {
    const { world, connection, presence } = await livePage();
    presence.left();
    world.answers["/api/assignment"] = assignment({ mode: "polling" });
    await world.advance(60_000);
    presence.visible();
    await settled();
    assert.equal(connection.state, "polling");
  });
});
