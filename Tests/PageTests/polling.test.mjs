import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { assignment, list, pollingPage, settled } from "./made-up-world.mjs";

function gaps(requests) {
  return requests.slice(1).map((request, i) => request.at - requests[i].at);
}

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
