import { retryAfterMs } from "./backoff.mjs";

/** Longest wait for an answer, in milliseconds. */
const DEADLINE_MS = 10_000;

/** A request without the answer that was hoped for. */
export class ApiError extends Error {
  /**
   * @param {number} status - 0 where there was no answer at all.
   * @param {string} detail - What the server says about it; may be empty.
   * @param {number | null} retryAfter - Milliseconds the server asks to wait; null where it does not say.
   */
  constructor(status, detail, retryAfter = null) {
    super(detail === "" ? `status ${status}` : detail);
    this.status = status;
    this.detail = detail;
    this.retryAfter = retryAfter;
  }

  /** Whether what went wrong is the service's doing, or the network's. */
  get isFailure() {
    return this.status === 0 || this.status >= 500;
  }

  /** What happened and what to do about it, for people. */
  get words() {
    const seconds = Math.max(1, Math.ceil((this.retryAfter ?? 0) / 1_000));
    const wait = seconds === 1 ? "a second" : `${seconds} seconds`;
    switch (this.status) {
      case 0:
        return "The service cannot be reached. Check the connection and try again.";
      case 401:
        return "That needs a login. Log in with a token and try again.";
      case 429:
        return `Too many requests. Wait ${wait} and try again.`;
      case 503:
        return `The service is busy or restarting. Try again in ${wait}.`;
      default:
        if (this.status >= 500) return "The service failed to do that. Try again in a moment.";
        return this.detail === "" ? `The service refused that (status ${this.status}).` : sentence(this.detail);
    }
  }
}

/** The service's HTTP interface. */
export class Api {
  #world;

  /** @param {Pick<import("./timers.mjs").World, "fetch" | "setTimeout" | "clearTimeout">} world */
  constructor(world) {
    this.#world = world;
  }

  /** Which transport to use and for how long. @returns {Promise<unknown>} */
  async assignment() {
    return (await this.#send("GET", "/api/assignment")).json();
  }

  /**
   * The list of sessions.
   *
   * @param {string | null} cursor - Where the asker's list is.
   * @returns {Promise<unknown>} Null when the list is still the same.
   */
  async sessions(cursor) {
    const answer = await this.#send("GET", "/api/sessions", {
      headers: cursor === null ? {} : { "If-None-Match": `"${cursor}"` },
    });
    return answer.status === 304 ? null : answer.json();
  }

  /**
   * @param {{ name?: string, command: string[], folder?: string }} session
   * @returns {Promise<any>} The session as the service made it.
   */
  async create(session) {
    return (await this.#send("POST", "/api/sessions", { body: session })).json();
  }

  /**
   * Ends a session; one that is gone already is as good as ended.
   *
   * @param {string} id
   */
  async terminate(id) {
    try {
      await this.#send("DELETE", `/api/sessions/${encodeURIComponent(id)}`);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 404) throw error;
    }
  }

  /**
   * @param {string} path - Relative to the folder that may be browsed; empty for that folder itself.
   * @returns {Promise<any>} Null where there is nothing to browse.
   */
  async folders(path) {
    try {
      const query = path === "" ? "" : `?path=${encodeURIComponent(path)}`;
      return await (await this.#send("GET", `/api/folders${query}`)).json();
    } catch (error) {
      if (path === "" && error instanceof ApiError && error.status === 404) return null;
      throw error;
    }
  }

  /** @param {string} token */
  async login(token) {
    await this.#send("POST", "/api/login", { body: { token } });
  }

  /**
   * Arrives even where the page goes away meanwhile.
   *
   * @param {{ failed?: true, mode?: string, reason?: string }} report
   */
  async report(report) {
    await this.#send("POST", "/api/client-reports", { body: report, keepalive: true });
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {{ headers?: Record<string, string>, body?: unknown, keepalive?: boolean }} [options]
   * @throws {ApiError} For an answer that says no, and for none.
   */
  async #send(method, path, { headers = {}, body, keepalive = false } = {}) {
    const abort = new AbortController();
    const deadline = this.#world.setTimeout(() => abort.abort(), DEADLINE_MS);
    const content = body === undefined ? {} : { "Content-Type": "application/json" };
    try {
      const answer = await this.#world.fetch(path, {
        method,
        headers: { Accept: "application/json", ...headers, ...content },
        body: body === undefined ? undefined : JSON.stringify(body),
        cache: "no-store",
        credentials: "same-origin",
        keepalive,
        signal: abort.signal,
      });
      // The whole body belongs to the answer: it too may never come.
      const text = answer.status === 204 || answer.status === 304 ? "" : await answer.text();
      return received(answer, text);
    } catch (error) {
      throw error instanceof ApiError ? error : new ApiError(0, "");
    } finally {
      this.#world.clearTimeout(deadline);
    }
  }
}

/** @param {Response} answer @param {string} text */
function received(answer, text) {
  if (answer.status < 400) {
    return {
      status: answer.status,
      json: () => {
        try {
          return JSON.parse(text);
        } catch {
          throw new ApiError(502, "the answer is no JSON");
        }
      },
    };
  }
  let detail = "";
  try {
    detail = String(JSON.parse(text).detail ?? "");
  } catch {
    // A proxy's own page says nothing that helps here.
  }
  throw new ApiError(answer.status, detail, retryAfterMs(answer.headers.get("Retry-After")));
}

/** @param {string} text */
function sentence(text) {
  const whole = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(whole) ? whole : `${whole}.`;
}
