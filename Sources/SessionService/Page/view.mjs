import { SessionRows } from "./session-rows.mjs";
import { statusWords } from "./status.mjs";

/** How often the ages of sessions are looked at, in milliseconds. */
const AGE_MS = 20_000;
/** How many changed sessions are read out by name; more are counted. */
const READ_OUT = 2;

/** What the page shows. */
export class View {
  #world;
  #rows;
  #status = element("status");
  #word = child(this.#status, ".word");
  #detail = child(this.#status, ".detail");
  #error = element("error");
  #announcer = element("announcer");
  /** Names of the sessions shown, by id; null before the first list. @type {Map<string, string> | null} */
  #shown = null;
  /** @type {unknown} */
  #countdown = null;
  /** What the error shown is about, so that only its own end takes it away. @type {string | null} */
  #errorTopic = null;

  /**
   * @param {import("./timers.mjs").World} world
   * @param {{ onTerminate: (id: string) => Promise<void> }} options
   */
  constructor(world, { onTerminate }) {
    this.#world = world;
    this.#rows = new SessionRows(element("sessions"), { onTerminate, now: () => Date.now() });
    child(this.#error, "button").addEventListener("click", () => {
      this.clearError();
      element("main").focus();
    });
    const grow = () => {
      this.#rows.age();
      world.setTimeout(grow, AGE_MS);
    };
    world.setTimeout(grow, AGE_MS);
  }

  /** @param {import("./status.mjs").Status} status */
  showStatus(status) {
    if (this.#status.dataset.state !== status.state) this.#status.dataset.state = status.state;
    this.#showWords(status);
    element("signed-out").hidden = !status.isLoginNeeded;
    element("workspace").hidden = status.isLoginNeeded;
    if (status.problem) this.showError(status.problem, "poll");
    else this.clearError("poll");
  }

  /** Keeps the countdown going; screen readers hear the word only. @param {import("./status.mjs").Status} status */
  #showWords(status) {
    this.#world.clearTimeout(this.#countdown);
    const { word, detail } = statusWords(status, this.#world.now());
    if (this.#word.textContent !== word) this.#word.textContent = word;
    if (this.#detail.textContent !== detail) this.#detail.textContent = detail;
    if (status.retryAt === null) return;
    const left = status.retryAt - this.#world.now();
    if (left > 1_000) this.#countdown = this.#world.setTimeout(() => this.#showWords(status), left % 1_000 || 1_000);
  }

  /** @param {import("./session-list.mjs").SessionList} list */
  showList(list) {
    const isKnown = list.cursor !== null;
    const sessions = list.sessions;
    this.#rows.show(sessions);
    element("loading").hidden = isKnown;
    element("empty").hidden = !isKnown || sessions.length > 0;
    const running = sessions.filter((session) => session.status === "running").length;
    const summary = isKnown && sessions.length > 0 ? `${running} of ${sessions.length} running` : "";
    if (element("summary").textContent !== summary) element("summary").textContent = summary;
    if (!isKnown) return;
    const names = new Map(sessions.map((session) => [session.id, session.name]));
    if (this.#shown) this.#announce(this.#shown, names);
    this.#shown = names;
  }

  /** @param {Map<string, string>} before @param {Map<string, string>} after */
  #announce(before, after) {
    const added = [...after].filter(([id]) => !before.has(id)).map(([, name]) => name);
    const gone = [...before].filter(([id]) => !after.has(id)).map(([, name]) => name);
    const parts = [spoken(added, "added"), spoken(gone, "gone")].filter((text) => text !== "");
    if (parts.length > 0) this.#announcer.textContent = `${parts.join(", ")}.`;
  }

  /** @param {string} words @param {string} topic - What it is about. */
  showError(words, topic) {
    // An error of what somebody has just done is not pushed away by one of the background's.
    if (topic === "poll" && this.#errorTopic !== null && this.#errorTopic !== "poll") return;
    this.#errorTopic = topic;
    const text = child(this.#error, ".text");
    if (text.textContent !== words) text.textContent = words;
    this.#error.hidden = false;
  }

  /** @param {string} [topic] - Only an error about this; any one without it. */
  clearError(topic) {
    if (topic !== undefined && topic !== this.#errorTopic) return;
    this.#errorTopic = null;
    this.#error.hidden = true;
    child(this.#error, ".text").textContent = "";
  }
}

/** @param {string[]} names @param {string} what */
function spoken(names, what) {
  if (names.length === 0) return "";
  if (names.length <= READ_OUT) return `${names.join(" and ")} ${what}`;
  return `${names.length} sessions ${what}`;
}

/**
 * An element that the page is made with.
 *
 * @param {string} id
 * @returns {HTMLElement}
 */
export function element(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found;
}

/** @param {Element} parent @param {string} selector @returns {HTMLElement} */
export function child(parent, selector) {
  const found = parent.querySelector(selector);
  if (!(found instanceof HTMLElement)) throw new Error(`#${parent.id} has no ${selector}`);
  return found;
}
