/** Tells the service about a connection: what failed, and which transport it uses and why. */
export class Account {
  #reports;
  /** Why the page polls, or did until its stream lives. @type {import("./reports.mjs").Reason | null} */
  #pollsFor = null;

  /** @param {import("./reports.mjs").Reports} reports */
  constructor(reports) {
    this.#reports = reports;
  }

  /** The service answers, so that it may be told what it has not heard. */
  reached() {
    this.#reports.deliver();
  }

  /** The service failed the one who looks at the page. */
  failed() {
    this.#reports.failed();
  }

  /** A stream has shown the list. */
  streams() {
    this.#reports.changed("sse", this.#pollsFor === "reassign" ? "reassign" : "recovered");
    this.#pollsFor = null;
  }

  /** The page polls from now on. @param {import("./reports.mjs").Reason} reason */
  polls(reason) {
    this.#pollsFor = reason;
    this.#reports.changed("polling", reason);
  }

  /** A poll was answered. */
  polled() {
    this.#reports.changed("polling", "recovered");
  }

  /** A poll failed for want of a service. */
  isOffline() {
    this.failed();
    this.#reports.changed("offline", "fallback");
  }
}
