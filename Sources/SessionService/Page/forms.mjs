import { ApiError } from "./api.mjs";
import { splitCommand } from "./command-line.mjs";
import { child, element } from "./view.mjs";

/**
 * What a form's errors look like to people.
 *
 * @param {unknown} error
 * @returns {string}
 */
export function words(error) {
  if (error instanceof ApiError) return error.words;
  if (error instanceof SyntaxError) return error.message;
  throw error;
}

/** The form that makes a session. */
export class CreateForm {
  #form = /** @type {HTMLFormElement} */ (element("create"));
  #submit = /** @type {HTMLButtonElement} */ (child(this.#form, "button[type=submit]"));
  #label = this.#submit.textContent ?? "";
  #folder;

  /**
   * @param {import("./api.mjs").Api} api
   * @param {import("./folder-picker.mjs").FolderPicker} folder
   * @param {{ onDone: () => void, onError: (words: string) => void }} owner
   */
  constructor(api, folder, owner) {
    this.#folder = folder;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#create(api, owner);
    });
  }

  /** @param {import("./api.mjs").Api} api @param {{ onDone: () => void, onError: (words: string) => void }} owner */
  async #create(api, owner) {
    if (this.#submit.getAttribute("aria-disabled") === "true") return;
    this.#setBusy(true);
    try {
      const command = splitCommand(this.#input("command").value);
      if (command.length === 0) throw new SyntaxError("The command is empty. Write what the session should run.");
      const name = this.#input("name").value.trim();
      const folder = this.#folder.path;
      await api.create({ command, ...(name === "" ? {} : { name }), ...(folder === "" ? {} : { folder }) });
      this.#form.reset();
      this.#input("command").focus();
      owner.onDone();
    } catch (error) {
      owner.onError(words(error));
    } finally {
      this.#setBusy(false);
    }
  }

  /** @param {string} name */
  #input(name) {
    return /** @type {HTMLInputElement} */ (this.#form.elements.namedItem(name));
  }

  /** @param {boolean} isBusy */
  #setBusy(isBusy) {
    this.#submit.setAttribute("aria-disabled", String(isBusy));
    this.#submit.textContent = isBusy ? "Creating…" : this.#label;
  }
}

/** The form that logs in. */
export class LoginForm {
  /**
   * @param {import("./api.mjs").Api} api
   * @param {{ onDone: () => void, onError: (words: string) => void }} owner
   */
  constructor(api, owner) {
    const form = /** @type {HTMLFormElement} */ (element("login"));
    const input = /** @type {HTMLInputElement} */ (form.elements.namedItem("token"));
    let isBusy = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (isBusy) return;
      isBusy = true;
      try {
        await api.login(input.value.trim());
        form.reset();
        owner.onDone();
      } catch (error) {
        const isUnknown = error instanceof ApiError && error.status === 401;
        owner.onError(isUnknown ? "The service does not know this token. Check it and try again." : words(error));
        input.select();
      } finally {
        isBusy = false;
      }
    });
  }
}
