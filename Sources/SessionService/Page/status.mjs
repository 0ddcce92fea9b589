/**
 * - `init`: the assignment is being asked for.
 * - `connecting`: a stream is open that has not brought the list up to date yet.
 * - `live`: a stream is open and the list is up to date.
 * - `backoff`: waiting before the next attempt.
 * - `polling`: asking for the list every so often, perhaps with an attempt at a stream beside it.
 * - `suspended`: nobody looks at the page; it has let go of everything but its list.
 * - `signed-out`: the service wants a login.
 * - `closed`: not started, or stopped.
 *
 * @typedef {ActiveState | RestingState} State
 * @typedef {"init" | "connecting" | "live" | "backoff" | "polling"} ActiveState
 * @typedef {"suspended" | "signed-out" | "closed"} RestingState
 */

/**
 * What people are told about the connection.
 *
 * @typedef {object} Status
 * @property {"connecting" | "live" | "reconnecting" | "polling" | "offline"} state
 * @property {number | null} retryAt - When the next attempt is made, by the world's clock, where one is waited for.
 * @property {number} pollMs
 * @property {string | null} problem - What went wrong with the last poll, in words.
 * @property {boolean} isLoginNeeded
 */

/**
 * @param {State} state
 * @param {{ retryAt: number, pollMs: number, pollFailure: import("./api.mjs").ApiError | null }} details
 * @returns {Status}
 */
export function statusOf(state, { retryAt, pollMs, pollFailure }) {
  const isPolling = state === "polling";
  return {
    state: isPolling && pollFailure?.isFailure ? "offline" : WORDS[state],
    retryAt: state === "backoff" ? retryAt : null,
    pollMs,
    problem: isPolling ? (pollFailure?.words ?? null) : null,
    isLoginNeeded: state === "signed-out",
  };
}

/** @type {Record<State, Status["state"]>} */
const WORDS = {
  init: "connecting",
  connecting: "connecting",
  live: "live",
  backoff: "reconnecting",
  polling: "polling",
  suspended: "connecting",
  "signed-out": "offline",
  closed: "offline",
};

/**
 * The status in words: what does not change by itself, and a countdown or interval after it.
 *
 * @param {Status} status
 * @param {number} now - By the world's clock.
 * @returns {{ word: string, detail: string }}
 */
export function statusWords(status, now) {
  switch (status.state) {
    case "connecting":
      return { word: "Connecting", detail: "" };
    case "live":
      return { word: "Live", detail: "" };
    case "reconnecting": {
      const seconds = Math.max(1, Math.ceil(((status.retryAt ?? now) - now) / 1_000));
      return { word: "Reconnecting", detail: ` in ${seconds} s` };
    }
    case "polling":
      return { word: "Polling", detail: ` (${Math.round(status.pollMs / 100) / 10} s)` };
    default:
      return { word: "Offline", detail: "" };
  }
}
