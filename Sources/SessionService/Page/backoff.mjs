/** The shortest wait before another attempt, in milliseconds: a server that answers at once must not be hammered. */
export const FLOOR_MS = 250;
const FIRST_MS = 1_000;
const LONGEST_MS = 30_000;
/** How much longer than the first the longest wait between two attempts at a stream is, while polling. */
const PROBE_GROWTH = 10;
/** What repeated waits differ by, so that clients that began together do not stay together. */
const JITTER = 0.1;

/**
 * How long to wait before another attempt: anything up to a limit that doubles with each failure ("full jitter").
 *
 * @param {number} failures - How many attempts have failed in a row; at least 1.
 * @param {() => number} random
 * @param {[number, number] | null} [range] - The bounds of the first wait as the server wishes them.
 * @returns {number} Milliseconds, from the floor (or the server's lower bound) to 30 s.
 */
export function backoff(failures, random, range = null) {
  const [low, high] = range ?? [0, FIRST_MS * 2];
  const limit = Math.min(LONGEST_MS, high * 2 ** (Math.max(1, failures) - 1));
  return Math.max(FLOOR_MS, low + random() * Math.max(0, limit - low));
}

/**
 * How long to poll before another attempt at a stream.
 *
 * @param {number} attempts - How many have failed since polling began.
 * @param {number} firstMs
 * @param {() => number} random
 * @returns {number} Milliseconds: the first wait, doubled with each attempt up to ten times, ± 10 %.
 */
export function probeDelay(attempts, firstMs, random) {
  return jittered(firstMs * Math.min(PROBE_GROWTH, 2 ** attempts), random);
}

/**
 * A wait that differs by up to 10 % either way.
 *
 * @param {number} ms
 * @param {() => number} random
 */
export function jittered(ms, random) {
  return ms * (1 - JITTER + 2 * JITTER * random());
}

/**
 * How long a server asks to be left alone.
 *
 * @param {string | null} header - The `Retry-After` of an answer: seconds, or a date.
 * @param {number} now - Milliseconds since 1970, for a date.
 * @returns {number | null} Milliseconds; null where there is no such wish.
 */
export function retryAfterMs(header, now = Date.now()) {
  if (header === null || header.trim() === "") return null;
  const text = header.trim();
  if (/^\d+$/.test(text)) return Math.min(Number(text) * 1_000, 24 * 60 * 60 * 1_000);
  // Browsers read almost anything as some date.
  const date = /^[A-Z][a-z]{2}, .* GMT$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}
