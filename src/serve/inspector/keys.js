// Keys: what each does, and the help that lists them.

import { el, fill } from "./dom.js";
import { LABELS, labelClass, labelOfKey } from "./labels.js";

const HELP = [
  [["j", "k"], "next, previous block (also the arrow keys)"],
  [["J", "K"], "to where the label changes"],
  [["c"], "to the least certain block, then to the next one"],
  [["g", "G"], "first, last block"],
  [["Enter"], "all about the block"],
  [["v"], "select several: then j and k; shift and click, or a drag in the margin, do it too"],
  [["u"], "undo the last correction"],
  [["s"], "save the page as it stands, also when nothing was wrong"],
  [["h"], "hide the kind of this block; H shows all again"],
  [["w"], "next view: reader, body alone, Markdown, raw"],
  [["n", "p"], "next, previous page of the queue"],
  [["/"], "to the address field"],
  [["Esc"], "back to the blocks; end a selection; close what is open"],
  [["?"], "this help"],
];

/** Calls `actions` by key; keys with Ctrl, Alt or Meta stay the browser's, and so does typing. */
export function listenToKeys(actions) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape" && !document.querySelector("dialog[open]")) {
      actions.escape();
      return;
    }
    if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
    if (pressed(event, actions)) event.preventDefault();
  });
}

function isTyping(target) {
  return target instanceof Element && target.closest("input, textarea, select") !== null;
}

function pressed(event, actions) {
  if (general(event.key, actions)) return true;
  if (!actions.canLabel()) return false;
  if (isControl(event.target) && ["Enter", " ", "ArrowDown", "ArrowUp", "Home", "End"].includes(event.key)) return false;
  return moved(event, actions) || labelled(event, actions);
}

function isControl(target) {
  return target instanceof Element && target.closest("button, a, summary, [role=tab], pre") !== null;
}

function general(key, actions) {
  const act = { "/": actions.address, "?": actions.help, n: () => actions.walk(1), p: () => actions.walk(-1), w: actions.nextView, s: actions.save, u: actions.undo, H: actions.showAll }[key];
  act?.();
  return act !== undefined;
}

function moved(event, actions) {
  const extend = event.shiftKey && event.key.startsWith("Arrow");
  const act = {
    j: () => actions.move(1), k: () => actions.move(-1),
    ArrowDown: () => actions.move(1, extend), ArrowUp: () => actions.move(-1, extend),
    c: actions.doubt, J: () => actions.change(1), K: () => actions.change(-1),
    g: () => actions.end(1), G: () => actions.end(-1), Home: () => actions.end(1), End: () => actions.end(-1),
    Enter: actions.open, v: actions.sweep, h: actions.hideKind,
  }[event.key];
  act?.();
  return act !== undefined;
}

function labelled(event, actions) {
  const name = labelOfKey(event.key);
  if (name !== null) actions.relabel(name);
  return name !== null;
}

/** Lists the keys. */
export function drawHelp(root) {
  const lines = HELP.map(([keys, text]) => [el("dt", {}, keys.map((key) => el("kbd", {}, key))), el("dd", {}, text)]);
  const labels = LABELS.map(({ name, text, key }) => [el("dt", { class: labelClass(name) }, el("kbd", {}, key)), el("dd", {}, el("strong", {}, name), " ", text)]);
  fill(root, el("dl", { class: "keys" }, lines), el("h3", {}, "Labels"), el("dl", { class: "keys" }, labels));
}
