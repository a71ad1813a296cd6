// The legend: every kind with its colour, its key, how many blocks have it, and a switch that hides it.

import { el, fill } from "./dom.js";
import { LABELS, labelClass } from "./labels.js";

export class Legend {
  /** `switched(name, hidden)` when a kind is hidden or shown. */
  constructor(root, all, { switched }) {
    this.root = root;
    this.all = all;
    this.switched = switched;
    this.hidden = new Set();
    root.addEventListener("click", (event) => {
      const button = event.target.closest("[data-kind]");
      if (button) this.toggle(button.dataset.kind);
    });
    all.addEventListener("click", () => this.showAll());
    this.draw(new Map());
  }

  draw(counts) {
    this.counts = counts;
    const shown = LABELS.map((label) => this.entry(label, counts.get(label.name) ?? 0));
    const focused = document.activeElement?.dataset?.kind;
    fill(this.root, ...shown);
    if (focused) this.root.querySelector(`[data-kind="${CSS.escape(focused)}"]`)?.focus();
    this.all.hidden = this.hidden.size === 0;
  }

  entry({ name, text, key }, count) {
    const on = !this.hidden.has(name);
    return el("li", {},
      el("button", { type: "button", role: "switch", class: `kind ${labelClass(name)} ${count === 0 ? "none" : ""}`, "aria-checked": String(on), data: { kind: name }, title: text, "aria-label": `${name}, ${count} ${count === 1 ? "block" : "blocks"}: shown` },
        el("span", { class: "swatch", "aria-hidden": "true" }),
        el("span", { class: "kind-name" }, name),
        el("span", { class: "kind-count" }, count),
        el("kbd", { "aria-hidden": "true" }, key),
        el("span", { class: "switch", "aria-hidden": "true" })));
  }

  toggle(name, hide = !this.hidden.has(name)) {
    if (hide) this.hidden.add(name);
    else this.hidden.delete(name);
    this.switched(name, hide);
    this.draw(this.counts);
  }

  showAll() {
    for (const name of [...this.hidden]) this.toggle(name, false);
  }
}
