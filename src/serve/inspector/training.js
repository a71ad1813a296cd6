// Trains on the labelled pages, shows what changed, and swaps the running model when told.

import * as api from "./api.js";
import { announce, counted, el, fill, words } from "./dom.js";

const POLL = 700;
/** Changes smaller than this are noise of the folds. */
const SAME = 0.0005;

export class Training {
  /** `swapped(use)` after the running model was changed. */
  constructor(root, { swapped }) {
    this.root = root;
    this.swapped = swapped;
    this.state = { state: "none" };
    this.folder = undefined;
    this.pages = 0;
    this.using = null;
    this.message = null;
  }

  /** What the server says of labelled pages and of a training that may be running. */
  async load({ pages, folder }) {
    this.pages = pages ?? 0;
    this.folder = folder;
    try {
      this.state = await api.training();
      this.using = (await api.model()).use ?? null;
    } catch {
      // A server that cannot train says so when it is asked to.
    }
    this.draw();
    if (this.state.state === "running") this.poll();
  }

  setPages(pages) {
    this.pages = pages;
    this.draw();
  }

  async start() {
    this.message = null;
    try {
      this.state = await api.startTraining();
      this.draw();
      this.poll();
    } catch (error) {
      this.state = { state: "failed", message: error.message };
      this.draw();
    }
  }

  poll() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), POLL);
  }

  async ask() {
    try {
      this.state = await api.training();
    } catch (error) {
      if (!error.passing) this.state = { state: "failed", message: error.message };
    }
    this.draw();
    if (this.state.state === "running") this.poll();
    else announce(this.state.state === "done" ? "Training is done." : "Training failed.");
  }

  async use(which) {
    try {
      const answer = await api.useModel(which);
      this.using = answer.use ?? which;
      this.message = await this.swapped(which);
    } catch (error) {
      this.message = `The model was not changed: ${error.message}.`;
    }
    this.draw();
  }

  draw() {
    fill(this.root,
      el("h2", {}, "Train on your corrections"),
      this.folderNote(),
      this.folder !== null && el("p", { class: "note" }, "Training fits corrections on top of the model that runs, in seconds, and shows figures on pages that it did not learn from. One page is enough for its site; some ten of different sites tell more. Nothing changes until you choose the new model."),
      el("div", { class: "buttons" }, el("button", { type: "button", class: "main-button", disabled: this.state.state === "running" || this.pages === 0, on: { click: () => this.start() } }, this.state.state === "running" ? "Training…" : "Train")),
      this.progress(),
      this.result());
  }

  folderNote() {
    if (this.folder === null) return el("p", { class: "note" }, "This server keeps no labelled pages. Start it with a folder for them; `pagesieve serve --help` says how.");
    const pages = counted(this.pages, "labelled page");
    return el("p", { class: "note" }, this.pages === 0 ? "No page is labelled yet. Correct a block, or press s on a page that is right." : `${pages}${this.folder ? ` in ${this.folder}` : ""}.`);
  }

  progress() {
    if (this.state.state === "running") {
      return el("div", { class: "running" }, el("progress", { "aria-label": "Training" }), el("p", { class: "note" }, this.state.message || "Reading pages and fitting…"));
    }
    if (this.state.state === "failed") return el("p", { class: "error" }, `Training failed: ${this.state.message || "the server does not say why"}.`);
    return null;
  }

  result() {
    if (this.state.state !== "done") return null;
    const { before, after, warnings, message } = this.state;
    return el("div", {},
      message && el("p", { class: "note" }, message),
      figures(before, after),
      (warnings ?? []).map((warning) => el("p", { class: "warning" }, typeof warning === "string" ? warning : warning.text ?? "")),
      el("div", { class: "buttons" },
        el("button", { type: "button", class: "main-button", disabled: this.using === "trained", on: { click: () => this.use("trained") } }, this.using === "trained" ? "The new model runs" : "Use the new model"),
        el("button", { type: "button", on: { click: () => this.use("started") } }, this.using === "trained" ? "Back to the old one" : "Keep the old one")),
      this.message && el("p", { class: "notice", role: "status" }, this.message));
  }
}

/** The figures of two models, a row for each. */
function figures(before, after) {
  const old = flat(before);
  const rows = [...flat(after)].map(([name, value]) => figureRow(name, old.get(name), value));
  if (rows.length === 0) return null;
  const head = ["figure", "before", "after", "change"].map((name) => el("th", { scope: "col" }, name));
  return el("table", { class: "figures" }, el("caption", { class: "sr" }, "Figures before and after training"), el("thead", {}, el("tr", {}, head)), el("tbody", {}, rows));
}

/** Nested numbers as one list of names and numbers. */
function flat(value, prefix = "") {
  const found = new Map();
  for (const [name, inner] of Object.entries(value ?? {})) {
    const full = prefix ? `${prefix}, ${words(name)}` : words(name);
    if (typeof inner === "number") found.set(full, inner);
    else if (inner !== null && typeof inner === "object") for (const pair of flat(inner, full)) found.set(...pair);
  }
  return found;
}

function figureRow(name, before, after) {
  const change = before === undefined ? null : after - before;
  return el("tr", {}, el("th", { scope: "row" }, name), el("td", {}, before === undefined ? "–" : shown(before)), el("td", {}, shown(after)), changeCell(name, change, Number.isInteger(after)));
}

function changeCell(name, change, counts) {
  if (change === null) return el("td", {}, "new");
  if (Math.abs(change) < SAME) return el("td", {}, "same");
  const amount = shown(Math.abs(change));
  if (counts && Math.abs(change) >= 1) return el("td", {}, `${amount} ${change > 0 ? "more" : "fewer"}`);
  const better = /loss|error|brier|missed|wrong/.test(name) ? change < 0 : change > 0;
  return el("td", { class: better ? "better" : "worse" }, `${amount} ${better ? "better" : "worse"}`);
}

function shown(value) {
  return Number.isInteger(value) && Math.abs(value) > 1 ? value.toLocaleString("en") : value.toFixed(3);
}
