import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Api } from "../../Sources/SessionService/Page/api.mjs";
import { Reports } from "../../Sources/SessionService/Page/reports.mjs";
import { MadeUpWorld, livePage, settled } from "./made-up-world.mjs";

const ENDPOINT = "/api/client-reports";

function reporting() {
  const world = new MadeUpWorld();
  return { world, reports: new Reports(world, new Api(world)) };
}

function delivered(world) {
  return world.asked(ENDPOINT).map(({ body }) => body);
}

describe("What a page reports", () => {
  it("is owed until it is delivered", async () => {
    const { world, reports } = reporting();
    world.answers[ENDPOINT] = "down";
    reports.failed();
    await settled();
    assert.ok(reports.isOwing);
    world.answers[ENDPOINT] = { status: 500 };
    await world.advance(30_000);
    reports.deliver();
    await settled();
    assert.ok(reports.isOwing);
    world.answers[ENDPOINT] = { status: 204 };
    await world.advance(30_000);
    reports.deliver();
    await settled();
    assert.ok(!reports.isOwing);
    reports.deliver();
    assert.equal(delivered(world).length, 3);
  });

  it("has a failure that comes while another is on its way", async () => {
    const { world, reports } = reporting();
    reports.failed();
    reports.failed();
    await settled();
    assert.deepEqual(delivered(world), [{ failed: true }, { failed: true }]);
  });

  it("is not sent again when the service does not want it", async () => {
    const { world, reports } = reporting();
    world.answers[ENDPOINT] = { status: 400 };
    reports.changed("sse", "recovered");
    await settled();
    assert.ok(!reports.isOwing);
  });

  it("has the last transport only when several are owed, and none twice", async () => {
    const { world, reports } = reporting();
    world.answers[ENDPOINT] = "down";
    reports.changed("sse", "recovered");
    await settled();
    reports.changed("polling", "fallback");
    reports.changed("polling", "fallback");
    world.answers[ENDPOINT] = { status: 204 };
    await world.advance(30_000);
    reports.deliver();
    await settled();
    assert.deepEqual(delivered(world).at(-1), { mode: "polling", reason: "fallback" });
    const { length } = delivered(world);
    reports.changed("polling", "reassign");
    await settled();
    assert.equal(delivered(world).length, length);
  });

  it("waits as long as the service asks, and not only as long as it would by itself", async () => {
    const { world, reports } = reporting();
    world.answers[ENDPOINT] = { status: 429, headers: { "Retry-After": "300" } };
    reports.failed();
    await settled();
    world.answers[ENDPOINT] = { status: 204 };
    await world.advance(299_999);
    reports.deliver();
    await settled();
    assert.equal(delivered(world).length, 1);
    await world.advance(1);
    reports.deliver();
    await settled();
    assert.equal(delivered(world).length, 2);
  });

  it("is not sent again before the service wishes, however often it is heard of", async () => {
    const { world } = await livePage();
    world.answers[ENDPOINT] = { status: 429, headers: { "Retry-After": "20" } };
    world.source.delta(3);
    await world.advanceToStream();
    const before = delivered(world).length;
    const hear = async (from, count) => {
      for (let seq = from; seq < from + count; seq += 1) {
        if (seq === from) world.source.snapshot(seq);
        else world.source.delta(seq);
        await settled();
      }
    };
    await hear(4, 100);
    assert.ok(delivered(world).length - before <= 1, "one wait, one attempt");
    world.answers[ENDPOINT] = { status: 204 };
    await world.advance(20_000);
    await hear(200, 10);
    assert.deepEqual(delivered(world).filter(({ failed }) => failed).length, 2);
  });

  it("is sent ever more seldom to a service that never takes it", async () => {
    for (const answer of [{ status: 403 }, { status: 500 }, "down"]) {
      const { world, reports } = reporting();
      world.answers[ENDPOINT] = answer;
      reports.failed();
      for (let second = 0; second < 7_200; second += 1) {
        await world.advance(1_000);
        reports.failed();
      }
      const { length } = delivered(world);
      assert.ok(length > 6 && length < 20, `${length} in two hours`);
      world.answers[ENDPOINT] = { status: 204 };
      await world.advance(600_000);
      reports.deliver();
      await settled();
      assert.deepEqual([delivered(world).length - length, reports.isOwing], [1, false], "of many failures one is told");
    }
  });

  it("is on its way even when the page is left meanwhile", async () => {
    const { world, reports } = reporting();
    world.answers[ENDPOINT] = "never";
    reports.failed();
    await settled();
    assert.deepEqual(world.asked(ENDPOINT).map(({ keepalive }) => keepalive), [true]);
    reports.failed();
    reports.leave();
    assert.equal(world.beacons.length, 1, "what came after it goes on its own");
  });

  it("says why its first transport is not the one it was given", async () => {
    for (const [reason, told] of [["fallback", "fallback"], ["capacity", "capacity"], ["reassign", "initial"], ["recovered", "initial"]]) {
      const { world, reports } = reporting();
      reports.changed("polling", reason);
      await settled();
      assert.deepEqual(delivered(world), [{ mode: "polling", reason: told }]);
    }
  });

  it("goes out with the page when the page goes", async () => {
    const { world, reports } = reporting();
    world.answers[ENDPOINT] = "down";
    reports.leave();
    assert.equal(world.beacons.length, 0);
    reports.failed();
    await settled();
    reports.leave();
    reports.leave();
    assert.equal(world.beacons.length, 1);
    assert.equal(world.beacons[0].path, ENDPOINT);
    assert.equal(await world.beacons[0].body.text(), '{"failed":true}');
    assert.equal(world.beacons[0].body.type, "application/json");
  });

  it("includes a broken stream, as soon as the service can be reached", async () => {
    const { world } = await livePage();
    world.answers[ENDPOINT] = "down";
    for (let failure = 0; failure < 2; failure += 1) {
      world.source.breaks();
      await world.advanceToStream();
    }
    world.answers[ENDPOINT] = { status: 204 };
    const before = delivered(world).length;
    world.source.send("ping", { seq: 1 });
    await settled();
    assert.deepEqual(delivered(world).slice(before), [{ failed: true }]);
  });
});
