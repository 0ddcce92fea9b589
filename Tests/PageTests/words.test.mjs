import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ApiError } from "../../Sources/SessionService/Page/api.mjs";
import { backoff, probeDelay, retryAfterMs } from "../../Sources/SessionService/Page/backoff.mjs";
import { joinCommand, splitCommand } from "../../Sources/SessionService/Page/command-line.mjs";
import { age } from "../../Sources/SessionService/Page/session-rows.mjs";
import { statusWords } from "../../Sources/SessionService/Page/status.mjs";
import { DEFAULT_TERMS, readTerms } from "../../Sources/SessionService/Page/terms.mjs";
import { seeded } from "./made-up-world.mjs";

const least = () => 0;
const most = () => 1 - Number.EPSILON;

describe("A wait", () => {
  it("is anything up to a limit that doubles, from 250 ms to 30 s", () => {
    assert.deepEqual([1, 2, 3, 50].map((n) => backoff(n, least)), [250, 250, 250, 250]);
    assert.deepEqual([1, 2, 3, 4, 5, 50].map((n) => Math.round(backoff(n, most))), [2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  });

  it("begins with the bounds that the service wishes", () => {
    assert.deepEqual([backoff(1, least, [500, 3_000]), Math.round(backoff(1, most, [500, 3_000]))], [500, 3_000]);
    assert.equal(Math.round(backoff(9, most, [500, 3_000])), 30_000);
    assert.equal(backoff(1, least, [0, 100]), 250);
    assert.equal(backoff(1, most, [60_000, 60_000]), 60_000);
  });

  it("between attempts at a stream doubles ten times over and no further", () => {
    assert.deepEqual([0, 1, 2, 3, 4, 99].map((n) => probeDelay(n, 60_000, () => 0.5) / 60_000), [1, 2, 4, 8, 10, 10]);
    assert.ok(probeDelay(0, 1_000, least) === 900 && probeDelay(0, 1_000, most) <= 1_100);
  });

  it("is read from Retry-After in seconds or as a date", () => {
    assert.deepEqual(["0", " 7 ", "", "soon", "-1", null].map((text) => retryAfterMs(text, 0)), [0, 7_000, null, null, null, null]);
    assert.equal(retryAfterMs("Thu, 01 Jan 1970 00:00:09 GMT", 4_000), 5_000);
    assert.equal(retryAfterMs("Thu, 01 Jan 1970 00:00:09 GMT", 10_000), 0);
  });
});

describe("A command line", () => {
  it("is split as a shell would", () => {
    const lines = {
      "": [], "  ": [], "make -j2": ["make", "-j2"], " a\tb\n": ["a", "b"], "echo 'a  b' \"c d\"": ["echo", "a  b", "c d"],
      "a''b \"\"": ["ab", ""], "a\\ b \\'": ["a b", "'"], '"\\"\\\\\\n"': ['"\\\\n'], "'\\'": ["\\"], "$HOME *": ["$HOME", "*"],
    };
    for (const [line, words] of Object.entries(lines)) assert.deepEqual(splitCommand(line), words, line);
  });

  it("says what is wrong", () => {
    assert.throws(() => splitCommand("a 'b"), /quote \('\).*Close it/);
    assert.throws(() => splitCommand('"a'), SyntaxError);
    assert.throws(() => splitCommand("a\\"), /backslash/);
  });

  it("that is written from words is split into them again", () => {
    const seed = Math.floor(Math.random() * 2 ** 32);
    const random = seeded(seed);
    const letters = ["a", " ", "'", '"', "\\", "\n", "$", "é", "\t"];
    for (let round = 0; round < 500; round += 1) {
      const words = Array.from({ length: 1 + Math.floor(random() * 3) }, () =>
        Array.from({ length: Math.floor(random() * 5) }, () => letters[Math.floor(random() * letters.length)]).join(""));
      assert.deepEqual(splitCommand(joinCommand(words)), words, `seed ${seed}`);
    }
  });
});

describe("Words for people", () => {
  it("name the status", () => {
    const status = { retryAt: null, pollMs: 10_000, problem: null, isLoginNeeded: false };
    const text = (changes, now = 0) => Object.values(statusWords({ ...status, ...changes }, now)).join("");
    assert.equal(text({ state: "connecting" }), "Connecting");
    assert.equal(text({ state: "live" }), "Live");
    assert.equal(text({ state: "reconnecting", retryAt: 2_001 }), "Reconnecting in 3 s");
    assert.equal(text({ state: "reconnecting", retryAt: 2_001 }, 9_000), "Reconnecting in 1 s");
    assert.equal(text({ state: "polling" }), "Polling (10 s)");
    assert.equal(text({ state: "polling", pollMs: 1_500 }), "Polling (1.5 s)");
    assert.equal(text({ state: "offline" }), "Offline");
  });

  it("say what happened and what to do", () => {
    assert.match(new ApiError(0, "").words, /cannot be reached\. Check/);
    assert.match(new ApiError(429, "x", 12_000).words, /Wait 12 seconds and try again/);
    assert.match(new ApiError(429, "", null).words, /Wait a second/);
    assert.match(new ApiError(401, "").words, /login/);
    assert.match(new ApiError(500, "internal").words, /Try again/);
    assert.equal(new ApiError(400, "'name' is too long").words, "'name' is too long.");
    assert.equal(new ApiError(418, "").words, "The service refused that (status 418).");
  });

  it("tell an age", () => {
    const ages = [-5_000, 59_999, 60_000, 3_600_000, 86_400_000, 200_000_000, Number.NaN].map(age);
    assert.deepEqual(ages, ["just now", "just now", "1 min", "1 h", "1 day", "2 days", ""]);
  });
});

describe("The service's terms", () => {
  it("have defaults for what is missing or unusable", () => {
    assert.deepEqual(readTerms({ mode: "sse" }), { ...DEFAULT_TERMS, mode: "sse" });
    const odd = readTerms({ mode: "polling", pollMs: 0, hb: -1, ttlMs: "60", firstEventMs: 1, probeMs: null, suspendMs: 5_000 });
    assert.deepEqual(odd, { ...DEFAULT_TERMS, firstEventMs: 100, suspendMs: 5_000 });
  });

  it("are none without a transport", () => {
    for (const value of [null, undefined, {}, { mode: "push" }, "sse"]) assert.throws(() => readTerms(value), TypeError);
  });
});
