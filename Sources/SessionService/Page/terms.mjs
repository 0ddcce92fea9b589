/**
 * What the service tells a client about transports; times in milliseconds.
 *
 * @typedef {object} Terms
 * @property {"sse" | "polling"} mode
 * @property {boolean} isFull - Whether the mode is polling for want of room only.
 * @property {number} pollMs - Between two polls.
 * @property {number} hb - Between two pings on a stream.
 * @property {number} ttlMs - How long to trust this.
 * @property {number} firstEventMs - How long to wait for a stream's first event.
 * @property {number} probeMs - Between attempts at a stream while polling, at first.
 * @property {number} suspendMs - How long a page may be hidden before it lets go.
 */

/** What holds until the service has said something. @type {Terms} */
export const DEFAULT_TERMS = Object.freeze({
  mode: "polling",
  isFull: false,
  pollMs: 10_000,
  hb: 15_000,
  ttlMs: 60_000,
  firstEventMs: 10_000,
  probeMs: 60_000,
  suspendMs: 30_000,
});

/** No time is shorter, so that a mistake in the service does not become a flood of requests. */
const SHORTEST_MS = 100;

/**
 * Reads the answer of `/api/assignment`; a missing or unusable time gets its default.
 *
 * @param {unknown} value
 * @returns {Terms}
 * @throws {TypeError} When it names no transport.
 */
export function readTerms(value) {
  const answer = /** @type {Record<string, unknown>} */ (value ?? {});
  if (answer.mode !== "sse" && answer.mode !== "polling") throw new TypeError("the assignment has no mode");
  const terms = { ...DEFAULT_TERMS, mode: answer.mode, isFull: answer.reason === "capacity" };
  for (const key of /** @type {const} */ (["pollMs", "hb", "ttlMs", "firstEventMs", "probeMs", "suspendMs"])) {
    const ms = answer[key];
    if (typeof ms === "number" && Number.isFinite(ms) && ms > 0) terms[key] = Math.max(SHORTEST_MS, ms);
  }
  return terms;
}
