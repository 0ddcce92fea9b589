/**
 * @typedef {object} Session
 * @property {string} id
 * @property {string} name
 * @property {"running" | "exited"} status
 * @property {string[]} command
 * @property {string | null} folder
 * @property {string | null} createdAt - ISO 8601.
 */

/**
 * What became of news: taken in, known already, or with something missing before it.
 *
 * @typedef {"applied" | "stale" | "gap"} Outcome
 */

/** The list of sessions as far as it is known, and where in the server's history that is. */
export class SessionList {
  /** Names a run of the server; null while nothing is known. @type {string | null} */
  #epoch = null;
  #seq = -1;
  /** @type {Map<string, Session>} */
  #sessions = new Map();

  /** Where this list is, as the server reads it; null while nothing is known. */
  get cursor() {
    return this.#epoch === null ? null : `${this.#epoch}-${this.#seq}`;
  }

  get epoch() {
    return this.#epoch;
  }

  /** The number of the last change; -1 while nothing is known. */
  get seq() {
    return this.#seq;
  }

  /** Oldest first, as the server sorts them. */
  get sessions() {
    return [...this.#sessions.values()].sort(byAge);
  }

  /** Everything, in the form of a poll's answer. */
  get document() {
    return { epoch: this.#epoch, seq: this.#seq, sessions: this.sessions };
  }

  /**
   * Takes in the whole list: a stream's snapshot or a poll's answer.
   *
   * @param {unknown} value
   * @returns {Outcome} Never "gap".
   * @throws {TypeError} When it is no list.
   */
  replace(value) {
    const { epoch, seq, sessions } = record(value);
    if (typeof epoch !== "string" || !isSeq(seq) || !Array.isArray(sessions)) {
      throw new TypeError("not a list of sessions");
    }
    // A late answer must not take the list back. Runs of the server cannot be compared.
    if (epoch === this.#epoch && seq <= this.#seq) return "stale";
    this.#epoch = epoch;
    this.#seq = seq;
    this.#sessions = new Map(sessions.map(readSession).filter(isPresent).map((session) => [session.id, session]));
    return "applied";
  }

  /**
   * Takes in one change.
   *
   * @param {unknown} value - A stream's delta.
   * @param {string} id - The event's id, which names the run of the server; empty where there is none.
   * @returns {Outcome}
   * @throws {TypeError} When it is no change.
   */
  change(value, id) {
    const { seq, prev, ops } = record(value);
    if (!isSeq(seq) || !isSeq(prev) || !Array.isArray(ops)) throw new TypeError("not a change of sessions");
    if (this.#epoch === null || !id.startsWith(`${this.#epoch}-`)) return "gap";
    if (seq <= this.#seq) return "stale";
    if (prev !== this.#seq) return "gap";
    for (const op of ops.map(record)) this.#carryOut(op);
    this.#seq = seq;
    return "applied";
  }

  /** @param {Record<string, unknown>} op */
  #carryOut(op) {
    if (op.op === "remove" && typeof op.id === "string") this.#sessions.delete(op.id);
    if (op.op !== "upsert") return;
    const session = readSession(op.session);
    if (session) this.#sessions.set(session.id, session);
  }

  /** Forgets everything, as when nobody is logged in any more. */
  clear() {
    this.#epoch = null;
    this.#seq = -1;
    this.#sessions = new Map();
  }
}

/**
 * Reads one session; a broken one costs itself and not the whole list.
 *
 * @param {unknown} value
 * @returns {Session | null} Null for what has no id.
 */
export function readSession(value) {
  if (typeof value !== "object" || value === null) return null;
  const { id, name, status, command, folder, createdAt } = /** @type {Record<string, unknown>} */ (value);
  if (typeof id !== "string" || id === "") return null;
  const words = Array.isArray(command) ? command : [command];
  return {
    id,
    name: typeof name === "string" && name !== "" ? name : id,
    status: status === "exited" ? "exited" : "running",
    command: words.filter((word) => typeof word === "string"),
    folder: typeof folder === "string" && folder !== "" ? folder : null,
    createdAt: typeof createdAt === "string" ? createdAt : null,
  };
}

/**
 * @param {unknown} value
 * @returns {Record<string, unknown>}
 * @throws {TypeError} When it is no object.
 */
function record(value) {
  if (typeof value !== "object" || value === null) throw new TypeError("not an object");
  return /** @type {Record<string, unknown>} */ (value);
}

/** @returns {value is number} */
function isSeq(/** @type {unknown} */ value) {
  return Number.isSafeInteger(value) && /** @type {number} */ (value) >= 0;
}

/** @template T @param {T | null} value @returns {value is T} */
function isPresent(value) {
  return value !== null;
}

/** @param {Session} a @param {Session} b */
function byAge(a, b) {
  return compare(a.createdAt ?? "", b.createdAt ?? "") || compare(a.id, b.id);
}

/** @param {string} a @param {string} b */
function compare(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}
