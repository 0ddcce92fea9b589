import { Timers } from "./timers.mjs";

/** Lets a connection go when nobody looks at the page, and takes it up again when somebody does. */
export class Presence {
  #connection;
  #timers;
  #isHidden = false;

  /**
   * @param {Pick<import("./timers.mjs").World, "now" | "setTimeout" | "clearTimeout">} world
   * @param {import("./state-machine.mjs").Connection} connection
   */
  constructor(world, connection) {
    this.#connection = connection;
    this.#timers = new Timers(world);
  }

  /** The page is in the background; polling pauses at once, a stream stays for a while. */
  hidden() {
    if (this.#isHidden) return;
    this.#isHidden = true;
    this.#connection.pause();
    this.#timers.set("suspend", this.#connection.terms.suspendMs, () => this.#connection.suspend());
  }

  /** The page is looked at again. */
  visible() {
    this.#isHidden = false;
    this.#timers.clearAll();
    this.#connection.unpause();
    this.#connection.resume();
  }

  /** The page is left; a browser that keeps it to come back to would keep its stream open too. */
  left() {
    this.#connection.suspend();
  }

  /** The network is back, as far as the browser knows. */
  online() {
    if (!this.#isHidden) this.#connection.resume();
    this.#connection.hasten();
  }
}
