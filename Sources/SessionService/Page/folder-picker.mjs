import { words } from "./forms.mjs";
import { child, element } from "./view.mjs";

/** Lets people pick the folder of a new session, where the service has folders to show. */
export class FolderPicker {
  #api;
  #onError;
  #set = element("folders");
  #place = child(this.#set, ".path");
  #choices = child(this.#set, ".choices");
  /** Numbers the questions, so that only the last one's answer counts. */
  #asked = 0;

  /** The folder picked, relative to the one that may be browsed; empty for that one itself. */
  path = "";

  /**
   * @param {import("./api.mjs").Api} api
   * @param {{ onError: (words: string) => void }} owner
   */
  constructor(api, { onError }) {
    this.#api = api;
    this.#onError = onError;
    this.#set.addEventListener("click", (event) => {
      const button = /** @type {Element} */ (event.target).closest("button[data-folder]");
      if (button instanceof HTMLElement) void this.open(button.dataset.folder ?? "", { isPicked: true });
    });
  }

  /**
   * Shows what is in a folder, which is picked by that.
   *
   * @param {string} path
   * @param {{ isPicked?: boolean }} [options] - Whether somebody asked for it, who then wants to go on from there.
   */
  async open(path, { isPicked = false } = {}) {
    const asked = ++this.#asked;
    try {
      const answer = await this.#api.folders(path);
      if (asked !== this.#asked) return;
      this.#set.hidden = answer === null;
      if (answer !== null) this.#show(answer, isPicked);
    } catch (error) {
      if (asked !== this.#asked) return;
      const text = words(error);
      if (isPicked) this.#onError(text);
    }
  }

  /** @param {any} answer @param {boolean} isPicked */
  #show({ path, parent, folders }, isPicked) {
    this.path = typeof path === "string" ? path : "";
    this.#place.textContent = this.path === "" ? "/" : `/${this.path}`;
    const names = Array.isArray(folders) ? folders.filter((name) => typeof name === "string") : [];
    const up = typeof parent === "string" ? [choice(parent, "↑ Up", "One folder up")] : [];
    const prefix = this.path === "" ? "" : `${this.path}/`;
    this.#choices.replaceChildren(...up, ...names.map((name) => choice(prefix + name, name)));
    this.#choices.hidden = this.#choices.childElementCount === 0;
    if (isPicked) this.#choices.querySelector("button")?.focus();
  }
}

/** @param {string} path @param {string} text @param {string} [label] */
function choice(path, text, label) {
  const item = document.createElement("li");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet";
  button.dataset.folder = path;
  button.textContent = text;
  if (label !== undefined) button.setAttribute("aria-label", label);
  item.append(button);
  return item;
}
