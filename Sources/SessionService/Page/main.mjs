import { Api, ApiError } from "./api.mjs";
import { FolderPicker } from "./folder-picker.mjs";
import { CreateForm, LoginForm, words } from "./forms.mjs";
import { Presence } from "./presence.mjs";
import { Reports } from "./reports.mjs";
import { SessionList } from "./session-list.mjs";
import { SHARED_NAME, Sharing } from "./sharing.mjs";
import { Connection } from "./state-machine.mjs";
import { View, element } from "./view.mjs";

/** The browser's own clock, chance and network. @type {import("./timers.mjs").World} */
const world = {
  // Counted from the same moment in all pages, so that one can show another's countdown.
  now: () => performance.timeOrigin + performance.now(),
  setTimeout: (work, ms) => window.setTimeout(work, ms),
  clearTimeout: (timer) => window.clearTimeout(timer),
  random: () => Math.random(),
  fetch: (...question) => window.fetch(...question),
  EventSource: window.EventSource,
  sendBeacon: (url, body) => navigator.sendBeacon(url, body),
};

const api = new Api(world);
const list = new SessionList();
const reports = new Reports(world, api);
const view = new View(world, {
  async onTerminate(id) {
    try {
      await api.terminate(id);
      view.clearError("terminate");
      sharing.refresh();
    } catch (error) {
      view.showError(words(error), "terminate");
      noticeLogin(error);
      throw error;
    }
  },
});

const connection = new Connection(
  world,
  { api, list, reports },
  {
    onStatus: () => sharing.relayStatus(),
    onNews: (news) => sharing.relayNews(news),
    onSuspended: () => sharing.resign(),
  },
);
const presence = new Presence(world, connection);
const sharing = new Sharing(
  world,
  {
    locks: navigator.locks,
    channel: "BroadcastChannel" in window ? new BroadcastChannel(SHARED_NAME) : undefined,
  },
  { connection, presence, list },
  () => show(),
);

const folder = new FolderPicker(api, { onError: (text) => view.showError(text, "folder") });
new CreateForm(api, folder, {
  onDone() {
    view.clearError("create");
    sharing.refresh();
  },
  onError: (text) => view.showError(text, "create"),
});
new LoginForm(api, {
  onDone() {
    view.clearError();
    sharing.loggedIn();
    void folder.open("");
  },
  onError: (text) => view.showError(text, "login"),
});

let isShowing = false;

/** Shows everything once, however much changes before the browser paints. */
function show() {
  if (isShowing) return;
  isShowing = true;
  queueMicrotask(() => {
    isShowing = false;
    const status = sharing.status;
    // What a login protects is not left on the screen without one.
    if (status.isLoginNeeded) list.clear();
    view.showStatus(status);
    view.showList(list);
  });
}

/** An action may be the first to hear that a login is over; the connection finds out by asking. */
function noticeLogin(/** @type {unknown} */ error) {
  if (error instanceof ApiError && error.status === 401) sharing.refresh();
}

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") sharing.hidden();
  else sharing.visible();
});
window.addEventListener("pagehide", () => {
  sharing.left();
  reports.leave();
});
window.addEventListener("pageshow", (event) => {
  if (event.persisted && document.visibilityState === "visible") sharing.visible();
});
window.addEventListener("online", () => sharing.online());

show();
sharing.start(document.visibilityState === "hidden");
void folder.open("");
element("main").dataset.ready = "true";
