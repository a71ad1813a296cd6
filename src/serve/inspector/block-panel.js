// What is known of the selected block, and the buttons that label it.

import { addressLine, bar, counted, el, fill, percent, signed, signedBar, snippet, words } from "./dom.js";
import { LABELS, labelClass, meaningOf } from "./labels.js";

/** Addresses listed under a block. */
const MOST_ADDRESSES = 10;

/** Shows a block; with more than one selected, what would be labelled. `actions`: `relabel(name)`, `undo()`, `sweep()`. */
export function showBlock(root, page, selection, actions) {
  if (!page || selection.length === 0) {
    fill(root, el("p", { class: "note" }, "Click a block, or press j and k, to see what it was taken for and why."));
    return;
  }
  const i = selection[selection.length - 1];
  const several = selection.length > 1;
  fill(root, several ? manyHead(page, selection) : oneHead(page, i), labelButtons(page, selection, actions), !several && oneDetail(page, i));
}

function manyHead(page, selection) {
  const counts = new Map();
  for (const i of selection) counts.set(page.label(i), (counts.get(page.label(i)) ?? 0) + 1);
  const list = [...counts].map(([name, count]) => `${count} ${name}`).join(", ");
  return el("div", {}, el("h2", {}, counted(selection.length, "block")), el("p", { class: "note" }, `${list}. A label goes to all of them.`));
}

function oneHead(page, i) {
  const block = page.blocks[i];
  const label = page.label(i);
  const edited = page.isEdited(i);
  const sure = edited ? `yours; the model said ${block.label}, ${percent(block.p)}%` : `${percent(block.p)}%`;
  return el("div", {},
    el("h2", { class: `block-title ${labelClass(label)}` }, el("span", { class: "swatch", "aria-hidden": "true" }), label, el("span", { class: "sure" }, sure)),
    el("p", { class: "note" }, meaningOf(label)),
    page.moved.has(i) && el("p", { class: "moved-note" }, `The model before said ${page.moved.get(i)}.`));
}

function labelButtons(page, selection, actions) {
  const current = selection.length === 1 ? page.label(selection[0]) : null;
  const button = ({ name, key }) => el("button", { type: "button", class: `label-button ${labelClass(name)}`, "aria-pressed": String(name === current), on: { click: () => actions.relabel(name) } },
    el("span", { class: "swatch", "aria-hidden": "true" }), name, el("kbd", { "aria-hidden": "true" }, key));
  return el("div", { class: "relabel" },
    el("h3", {}, "Label it"),
    el("div", { class: "label-buttons" }, LABELS.map(button)),
    el("div", { class: "buttons" },
      el("button", { type: "button", class: "quiet", disabled: page.undoable.length === 0, on: { click: actions.undo } }, "Undo"),
      el("button", { type: "button", class: "quiet", on: { click: actions.sweep } }, "Select several")));
}

function oneDetail(page, i) {
  const block = page.blocks[i];
  return el("div", { class: "detail" },
    el("h3", {}, "Why"),
    el("dl", { class: "facts" }, facts(block)),
    signsOf(block),
    whereOf(page, block, i),
    addressesOf(block.text));
}

function facts(block) {
  const rows = [["decided by", block.reason === "model" ? "the model" : words(block.reason)]];
  if (block.runner_up) rows.push(["next best", `${block.runner_up.label}, ${percent(block.runner_up.p)}%`]);
  const outranked = (block.claims ?? []).slice(1).filter((claim) => claim.source !== "likeliest");
  if (outranked.length > 0) rows.push(["outranked", outranked.map((claim) => `${claim.label} (${words(claim.reason)})`).join(", ")]);
  rows.push(["main content", `${percent(block.body)}%`]);
  return rows.map(([name, value]) => [el("dt", {}, name), el("dd", {}, value, name === "main content" && bar(block.body, "l-body"))]);
}

function signsOf(block) {
  const signs = block.signs ?? [];
  if (signs.length === 0) return null;
  const strongest = Math.max(...signs.map((sign) => Math.abs(sign.weight)));
  return el("div", {},
    el("h3", {}, "What spoke"),
    el("p", { class: "note" }, `Log-odds: to the right for ${block.label}, to the left against it.`),
    el("ul", { class: "signs" }, signs.map((sign) => el("li", {},
      el("span", { class: "sign-text", title: sign.name }, sign.text || words(sign.name)),
      signedBar(sign.weight, strongest),
      el("span", { class: "weight" }, signed(sign.weight))))));
}

function whereOf(page, block, i) {
  const kind = block.kind === "heading" ? `heading, level ${block.level}` : words(block.kind ?? "");
  const place = block.lines ? `lines ${block.lines[0]} to ${block.lines[1]}` : block.path;
  return el("div", {},
    el("h3", {}, "Where"),
    el("p", { class: "note" }, `Block ${i + 1} of ${page.blocks.length}${kind ? `, ${kind}` : ""}, ${counted(Array.from(block.text).length, "character")}`),
    place && el("code", { class: "path" }, ...pathSteps(place)));
}

/** Steps of a path, with places where the line may break. */
function pathSteps(path) {
  return path.split("/").flatMap((step, n) => (n === 0 ? [step] : ["/", document.createElement("wbr"), step]));
}

function addressesOf(text) {
  const found = new Set(text.slice(0, 200000).match(/https?:\/\/[^\s<>"'（）()，。；]+/g) ?? []);
  if (found.size === 0) return null;
  const shown = [...found].slice(0, MOST_ADDRESSES);
  return el("div", {}, el("h3", {}, "Addresses in it"), shown.map((address) => addressLine(snippet(address, 500))));
}
