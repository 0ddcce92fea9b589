import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { assignment, fallenPage, page, pollingPage, settled, transports } from "./made-up-world.mjs";

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
    assert.deepEqual(transports(world), ["polling initial", "sse reassign", "polling reassign"]);
  });

  it("is not to blame where the service was full", async () => {
    const { world } = await pollingPage({ reason: "capacity" });
    world.answers["/api/assignment"] = assignment();
    await world.advanceToStream();
    world.source.snapshot(5);
    await settled();
    world.answers["/api/assignment"] = assignment({ mode: "polling", reason: "capacity" });
    world.source.isRefused();
    await settled();
    assert.deepEqual(transports(world), ["polling capacity", "sse recovered", "polling capacity"]);
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
