// "Show me what you took": everything that is not body, by kind, each line a way to its place.

import { counted, el, fill, percent, snippet } from "./dom.js";
import { LABELS, labelClass } from "./labels.js";

/** Groups with more lines than this start closed. */
const OPEN_UP_TO = 60;

/** `jump(index)` goes to a block. */
export function showRemoved(root, page, jump) {
  if (!page) {
    fill(root, el("p", { class: "note" }, "Open a page to see what is cut from it."));
    return;
  }
  const groups = removedByLabel(page);
  const count = [...groups.values()].reduce((sum, list) => sum + list.length, 0);
  const kept = page.blocks.length - count;
  fill(root,
    el("h2", {}, `${counted(count, "block")} removed`),
    el("p", { class: "note" }, `${counted(kept, "block")} kept.`),
    LABELS.filter(({ name }) => groups.has(name)).map(({ name }) => group(page, name, groups.get(name), jump)));
}

function removedByLabel(page) {
  const groups = new Map();
  for (let i = 0; i < page.blocks.length; i += 1) {
    const label = page.label(i);
    if (label === "body") continue;
    if (!groups.has(label)) groups.set(label, []);
    groups.get(label).push(i);
  }
  return groups;
}

function group(page, name, indexes, jump) {
  const list = el("ul", { class: "removed", lang: page.row.lang ?? "" });
  list.addEventListener("click", (event) => {
    const line = event.target.closest("[data-to]");
    if (line) jump(Number(line.dataset.to));
  });
  const details = el("details", { class: `removed-group ${labelClass(name)}` },
    el("summary", {}, el("span", { class: "swatch", "aria-hidden": "true" }), el("span", { class: "kind-name" }, name), el("span", { class: "kind-count" }, indexes.length)),
    list);
  const draw = () => { if (details.open && !list.firstChild) list.append(...indexes.map((i) => line(page, i))); };
  details.addEventListener("toggle", draw);
  details.open = indexes.length <= OPEN_UP_TO;
  draw();
  return details;
}

function line(page, i) {
  const sure = page.isEdited(i) ? "yours" : `${percent(page.blocks[i].p)}%`;
  return el("li", {}, el("button", { type: "button", class: "removed-line", data: { to: i } },
    el("span", { class: "removed-text" }, snippet(page.blocks[i].text) || "(empty)"), el("span", { class: "weight" }, sure)));
}
