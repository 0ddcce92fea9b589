import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SessionList, readSession } from "../../Sources/SessionService/Page/session-list.mjs";
import { list, session } from "./made-up-world.mjs";

function known(seq = 5) {
  const sessions = new SessionList();
  sessions.replace(list(seq));
  return sessions;
}

describe("A list of sessions", () => {
  it("knows nothing at first", () => {
    const sessions = new SessionList();
    assert.deepEqual([sessions.cursor, sessions.seq, sessions.sessions], [null, -1, []]);
    assert.equal(sessions.change({ seq: 1, prev: 0, ops: [] }, "e-1"), "gap");
  });

  it("takes in changes that follow on each other", () => {
    const sessions = known();
    assert.equal(sessions.change({ seq: 6, prev: 5, ops: [{ op: "upsert", session: session("c") }] }, "e-6"), "applied");
    assert.equal(sessions.change({ seq: 9, prev: 6, ops: [{ op: "remove", id: "a" }, { op: "nix" }] }, "e-9"), "applied");
    assert.deepEqual([sessions.sessions.map(({ id }) => id), sessions.cursor], [["b", "c"], "e-9"]);
  });

  it("ignores what it knows already, changes and whole lists", () => {
    const sessions = known();
    assert.equal(sessions.change({ seq: 5, prev: 4, ops: [{ op: "remove", id: "a" }] }, "e-5"), "stale");
    assert.equal(sessions.replace({ epoch: "e", seq: 4, sessions: [] }), "stale");
    assert.equal(sessions.replace({ epoch: "e", seq: 5, sessions: [] }), "stale");
    assert.equal(sessions.sessions.length, 2);
  });

  it("finds a gap, and a change of another run of the service", () => {
    const sessions = known();
    assert.equal(sessions.change({ seq: 7, prev: 6, ops: [] }, "e-7"), "gap");
    assert.equal(sessions.change({ seq: 6, prev: 5, ops: [] }, "f-6"), "gap");
    assert.equal(sessions.change({ seq: 6, prev: 5, ops: [] }, ""), "gap");
    assert.equal(sessions.seq, 5);
  });

  it("takes the list of another run whatever its number", () => {
    const sessions = known();
    assert.equal(sessions.replace({ epoch: "f", seq: 0, sessions: [session("z")] }), "applied");
    assert.deepEqual([sessions.cursor, sessions.sessions.map(({ id }) => id)], ["f-0", ["z"]]);
  });

  it("loses a broken session alone", () => {
    const sessions = new SessionList();
    sessions.replace({ epoch: "e", seq: 1, sessions: [null, 7, {}, { id: "" }, { id: 3 }, session("a")] });
    assert.deepEqual(sessions.sessions.map(({ id }) => id), ["a"]);
    assert.deepEqual(readSession({ id: "a", command: "ls -l", status: "?", name: 7, folder: 1 }), {
      id: "a", name: "a", status: "running", command: ["ls -l"], folder: null, createdAt: null,
    });
    assert.deepEqual(readSession({ id: "a" })?.command, []);
  });

  it("refuses what is no list and no change", () => {
    const sessions = known();
    for (const value of [null, 7, {}, { epoch: "e", seq: -1, sessions: [] }, { epoch: "e", seq: 6, sessions: {} }]) {
      assert.throws(() => sessions.replace(value), TypeError);
    }
    for (const value of [null, {}, { seq: 6, prev: 5 }, { seq: 6.5, prev: 5, ops: [] }, { seq: 6, prev: 5, ops: [7] }]) {
      assert.throws(() => sessions.change(value, "e-6"), TypeError);
    }
    assert.equal(sessions.seq, 5);
  });
});
