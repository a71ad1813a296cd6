// The pages of a result file, in the order in which they are worth a look.

import * as api from "./api.js";
import { counted, el, fill, percent, snippet, toast } from "./dom.js";

const AT_ONCE = 50;

export class Queue {
  /** `parts`: section, list, note, by, more, walk, walkAt. `opened(at)` when a page is chosen. */
  constructor(parts, { opened, known }) {
    this.parts = parts;
    this.opened = opened;
    this.known = known;
    this.pages = [];
    this.total = 0;
    this.place = -1;
    this.labelled = new Set();
    parts.list.addEventListener("click", (event) => {
      const button = event.target.closest("[data-place]");
      if (button) this.open(Number(button.dataset.place));
    });
    parts.by.addEventListener("change", () => this.load());
    parts.more.addEventListener("click", () => this.loadMore());
  }

  /** Asks for the first pages; a server without a queue leaves the panel out. */
  async load() {
    this.pages = [];
    this.place = -1;
    try {
      await this.loadMore();
    } catch (error) {
      if (error.status !== 404) toast(`The queue cannot be read: ${error.message}.`);
    }
    this.known(this.total > 0);
  }

  async loadMore() {
    const by = this.parts.by.value;
    const answer = await api.queue(by, this.pages.length, AT_ONCE);
    if (by !== this.parts.by.value) return;
    this.total = answer.total;
    this.pages.push(...answer.pages);
    this.draw();
  }

  /** Opens the page at this place of the order. */
  async open(place) {
    if (place < 0 || place >= this.total) return;
    if (place >= this.pages.length) await this.loadMore();
    const page = this.pages[place];
    if (!page) return;
    this.place = place;
    this.draw();
    await this.opened(page.at);
  }

  async step(by) {
    if (this.total === 0) return;
    const place = this.place + by;
    if (place < 0 || place >= this.total) toast(place < 0 ? "This is the first page of the queue." : "This was the last page of the queue.", 3);
    else await this.open(place);
  }

  /** The page with this number in the result is open, from wherever. */
  mark(at) {
    this.place = this.pages.findIndex((page) => page.at === at);
    this.draw();
  }

  /** No page of the queue is open. */
  leave() {
    this.place = -1;
    this.draw();
  }

  /** Ticks a page that has been labelled, or takes the tick away. */
  tick(at, on = true) {
    const page = this.pages.find((other) => other.at === at);
    if (!page || page.labelled === on) return;
    page.labelled = on;
    this.draw();
  }

  draw() {
    const done = this.pages.filter((page) => page.labelled).length;
    this.parts.note.textContent = `${counted(this.total, "page")}${done > 0 ? `, ${done} labelled` : ""}`;
    fill(this.parts.list, this.pages.map((page, place) => this.entry(page, place)));
    this.parts.more.hidden = this.pages.length >= this.total;
    this.parts.walk.hidden = this.total === 0;
    this.parts.walkAt.textContent = this.place < 0 ? counted(this.total, "page") : `${this.place + 1} of ${this.total}`;
    this.parts.list.querySelector('[aria-current="true"]')?.scrollIntoView({ block: "nearest" });
  }

  entry(page, place) {
    const title = snippet(page.title || page.url || page.id || "", 80);
    return el("li", {}, el("button", { type: "button", class: "queue-line", "aria-current": place === this.place ? "true" : null, data: { place } },
      el("span", { class: "queue-title" }, page.labelled && el("span", { class: "tick", role: "img", "aria-label": "labelled" }, "✓ "), title),
      el("span", { class: "queue-facts" }, el("span", { class: `verdict small v-${page.verdict}` }, page.verdict), this.figure(page))));
  }

  figure(page) {
    const different = this.parts.by.value === "different";
    const value = different ? page.difference : page.uncertainty;
    return typeof value === "number" ? `${percent(value)}% ${different ? "different" : "uncertain"}` : "";
  }
}
