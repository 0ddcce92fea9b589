import { joinCommand } from "./command-line.mjs";

/** Shows a list of sessions, one element for each, which stays the same element for as long as the session lives. */
export class SessionRows {
  #list;
  #now;
  /** @type {Map<string, Row>} */
  #rows = new Map();

  /**
   * @param {HTMLElement} list
   * @param {{ onTerminate: (id: string) => Promise<void>, now: () => number }} options - `now` in milliseconds
   *   since 1970.
   */
  constructor(list, { onTerminate, now }) {
    this.#list = list;
    this.#now = now;
    list.addEventListener("click", (event) => {
      const button = /** @type {Element} */ (event.target).closest("button[data-action=terminate]");
      const id = button?.closest("li")?.dataset.session;
      const row = id === undefined ? undefined : this.#rows.get(id);
      if (row) void row.terminate(onTerminate);
    });
  }

  /** @param {import("./session-list.mjs").Session[]} sessions */
  show(sessions) {
    const ids = new Set(sessions.map((session) => session.id));
    for (const [id, row] of this.#rows) if (!ids.has(id)) this.#remove(id, row);
    let place = this.#list.firstElementChild;
    for (const session of sessions) {
      let row = this.#rows.get(session.id);
      if (!row) this.#rows.set(session.id, (row = new Row(session.id)));
      row.show(session, this.#now());
      // Only what is out of place moves: a moved element loses its focus.
      if (row.element === place) place = place.nextElementSibling;
      else this.#list.insertBefore(row.element, place);
    }
  }

  /** Lets the ages grow. */
  age() {
    for (const row of this.#rows.values()) row.age(this.#now());
  }

  /** Takes a session out; where it had the focus, the next one gets it. @param {string} id @param {Row} row */
  #remove(id, row) {
    const hadFocus = row.element.contains(document.activeElement);
    const next = row.element.nextElementSibling ?? row.element.previousElementSibling;
    row.element.remove();
    this.#rows.delete(id);
    if (!hadFocus) return;
    const target = /** @type {HTMLElement | null} */ (next?.querySelector("button") ?? null);
    (target ?? /** @type {HTMLElement | null} */ (document.getElementById("main")))?.focus();
  }
}

class Row {
  element = document.createElement("li");
  #name = part("span", "name");
  #command = part("code", "command");
  #folder = part("span", "folder");
  #status = part("span", "state");
  #age = document.createElement("time");
  #button = document.createElement("button");
  #label = "";
  /** @type {number | null} */
  #createdAt = null;

  /** @param {string} id */
  constructor(id) {
    this.element.dataset.session = id;
    this.#button.type = "button";
    this.#button.dataset.action = "terminate";
    const facts = part("p", "facts");
    facts.append(this.#status, this.#age, this.#folder);
    this.element.append(this.#name, this.#command, facts, this.#button);
    this.#relabel("Terminate");
  }

  /** @param {import("./session-list.mjs").Session} session @param {number} now */
  show({ name, status, command, folder, createdAt }, now) {
    this.element.dataset.status = status;
    write(this.#name, name);
    const line = joinCommand(command);
    write(this.#command, line);
    if (this.#command.title !== line) this.#command.title = line;
    write(this.#status, status === "running" ? "Running" : "Exited");
    write(this.#folder, folder === null ? "" : `in ${folder}`);
    this.#createdAt = createdAt === null ? null : Date.parse(createdAt);
    this.#age.dateTime = createdAt ?? "";
    this.age(now);
    this.#relabel(this.#label);
  }

  /** @param {number} now */
  age(now) {
    write(this.#age, this.#createdAt === null ? "" : age(now - this.#createdAt));
  }

  /** @param {(id: string) => Promise<void>} terminate - Rejects when the session stays. */
  async terminate(terminate) {
    if (this.#button.getAttribute("aria-disabled") === "true") return;
    // Not `disabled`: a disabled button loses the focus.
    this.#button.setAttribute("aria-disabled", "true");
    this.#relabel("Terminating…");
    try {
      await terminate(this.element.dataset.session ?? "");
    } catch {
      this.#button.removeAttribute("aria-disabled");
      this.#relabel("Terminate");
    }
  }

  /** @param {string} label */
  #relabel(label) {
    this.#label = label;
    write(this.#button, label);
    this.#button.setAttribute("aria-label", `${label} ${this.#name.textContent}`);
  }
}

/**
 * How long ago something was, roughly.
 *
 * @param {number} ms - Less than nothing, where clocks differ, is nothing.
 */
export function age(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  if (Number.isNaN(seconds)) return "";
  if (seconds < 60) return "just now";
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h`;
  const days = Math.floor(seconds / 86_400);
  return days === 1 ? "1 day" : `${days} days`;
}

/** @template {keyof HTMLElementTagNameMap} T @param {T} tag @param {string} name @returns {HTMLElementTagNameMap[T]} */
function part(tag, name) {
  const element = document.createElement(tag);
  element.className = name;
  return element;
}

/** Writes text only where it differs, so that nothing flickers and nothing is read out again. */
function write(/** @type {Element} */ element, /** @type {string} */ text) {
  if (element.textContent !== text) element.textContent = text;
}
