// The page as it reads: one option of a list box for each block, in order, with its label in the margin.

import { el, percent } from "./dom.js";
import { labelClass, LABELS } from "./labels.js";

/** Blocks that share one lazily laid out box. */
const CHUNK = 40;
/** Characters of a block that share one lazily laid out run. */
const RUN = 8000;

/** Kinds of block as words for a screen reader; the others are read as they are. */
const SPOKEN = { list_item: "list item", cell: "table cell", header_cell: "table heading", quote: "quote", code: "code", caption: "caption", control: "button or field", json_ld: "not shown on the page", meta: "not shown on the page" };

export class Reader {
  /** `selected(index, count)` after each move, `opened(index)` on Enter or a click. */
  constructor(root, { selected, opened }) {
    this.root = root;
    this.told = selected;
    this.opened = opened;
    this.page = null;
    this.hidden = new Set();
    this.anchor = this.head = -1;
    this.sweeping = false;
    /** The block that was found for its doubt. */
    this.doubtful = -1;
    this.listen();
  }

  show(page) {
    this.page = page;
    this.anchor = this.head = this.doubtful = -1;
    this.sweeping = false;
    this.root.lang = page.row.lang ?? "";
    this.root.replaceChildren(pageFragment(page));
    if (page.blocks.length === 0) {
      this.root.append(el("p", { class: "empty" }, "This page has no text that could be labelled."));
    }
    this.select(this.firstJunk(), { scroll: false });
  }

  /** Draws blocks anew whose label changed. */
  refresh(indexes) {
    for (const i of indexes) {
      const block = this.block(i);
      if (block) dress(block, this.page, i);
    }
    this.paintSelection();
  }

  block(i) {
    return document.getElementById(`b${i}`);
  }

  firstJunk() {
    const junk = this.page.blocks.findIndex((_, i) => this.page.label(i) !== "body");
    return junk >= 0 ? junk : this.page.blocks.length > 0 ? 0 : -1;
  }

  /** Hides or shows the blocks of a label. */
  hideLabel(name, hide) {
    if (hide) this.hidden.add(name);
    else this.hidden.delete(name);
    for (const label of LABELS) {
      this.root.classList.toggle(`hide-${labelClass(label.name)}`, this.hidden.has(label.name));
    }
  }

  isShown(i) {
    return !this.hidden.has(this.page.label(i));
  }

  /** Indexes of the selected blocks that are shown, in order. */
  selection() {
    if (this.head < 0) return [];
    const [from, to] = this.bounds();
    const all = Array.from({ length: to - from + 1 }, (_, n) => from + n);
    return all.filter((i) => this.isShown(i));
  }

  bounds() {
    return [Math.min(this.anchor, this.head), Math.max(this.anchor, this.head)];
  }

  /** Moves the selection to a block; with `extend` the range from the anchor to it. */
  select(i, { extend = false, focus = false, scroll = true } = {}) {
    if (i < 0 || i >= this.page.blocks.length) return;
    if (!extend) this.anchor = i;
    this.setTabStop(i);
    this.head = i;
    this.paintSelection();
    const block = this.block(i);
    if (focus) block.focus({ preventScroll: true });
    if (scroll) block.scrollIntoView({ block: "nearest" });
    this.told(i, this.selection().length);
  }

  setTabStop(i) {
    this.root.querySelector('[tabindex="0"]')?.setAttribute("tabindex", "-1");
    this.block(i).setAttribute("tabindex", "0");
  }

  paintSelection() {
    for (const block of this.root.querySelectorAll('[aria-selected="true"], .current')) {
      block.setAttribute("aria-selected", "false");
      block.classList.remove("current");
    }
    if (this.head < 0) return;
    const [from, to] = this.bounds();
    for (let i = from; i <= to; i += 1) this.block(i)?.setAttribute("aria-selected", "true");
    this.block(this.head)?.classList.add("current");
  }

  /** Next (1) or previous (−1) shown block. */
  move(step, { extend = false } = {}) {
    this.moveTo((i) => this.isShown(i), step, extend);
  }

  /** The least certain block that nobody has corrected; from there to the next one in the order of doubt. */
  moveToDoubt() {
    const shown = this.page.blocks.map((_, i) => i).filter((i) => this.isShown(i) && !this.page.isEdited(i));
    const order = shown.sort((one, other) => this.page.blocks[one].p - this.page.blocks[other].p || one - other);
    if (order.length > 0) this.jump(order[(order.indexOf(this.doubtful === this.head ? this.head : -1) + 1) % order.length]);
    this.doubtful = this.head;
  }

  /** Where the block that is selected first is not on the screen, the first of all is selected. */
  selectOnScreen() {
    const top = this.block(this.head)?.getBoundingClientRect().top ?? 0;
    if (top > innerHeight) this.select(0, { scroll: false });
  }

  /** Next or previous block where the label changes. */
  moveToChange(step, { extend = false } = {}) {
    let label = this.head >= 0 ? this.page.label(this.head) : null;
    this.moveTo((i) => {
      const found = this.isShown(i) && this.page.label(i) !== label;
      if (this.isShown(i)) label = this.page.label(i);
      return found;
    }, step, extend);
  }

  /** First (1) or last (−1) shown block. */
  moveToEnd(step) {
    const from = step > 0 ? -1 : this.page.blocks.length;
    this.moveTo((i) => this.isShown(i), step, false, from);
  }

  moveTo(wanted, step, extend, from = this.head) {
    for (let i = from + step; i >= 0 && i < this.page.blocks.length; i += step) {
      if (wanted(i)) {
        this.select(i, { extend: extend || this.sweeping, focus: true });
        return;
      }
    }
  }

  /** Shows a block that something else points at. */
  jump(i, { focus = true } = {}) {
    const label = this.page.label(i);
    if (this.hidden.has(label)) this.root.dispatchEvent(new CustomEvent("reveal", { detail: label }));
    this.sweeping = false;
    this.select(i, { focus, scroll: false });
    this.block(i).scrollIntoView({ block: "center" });
  }

  /** Starts or ends a sweep with the keys. */
  sweep(on = !this.sweeping) {
    this.sweeping = on && this.head >= 0;
    if (!this.sweeping) this.select(this.head, { scroll: false });
    this.root.classList.toggle("sweeping", this.sweeping);
    return this.sweeping;
  }

  listen() {
    this.root.addEventListener("click", (event) => this.clicked(event));
    this.root.addEventListener("focusin", (event) => this.focused(event));
    this.root.addEventListener("pointerdown", (event) => this.dragFrom(event));
    document.addEventListener("selectionchange", () => this.sweepText());
  }

  focused(event) {
    const i = indexOf(event.target);
    if (i !== this.head && i >= 0 && !this.dragging) this.select(i, { scroll: false, extend: this.sweeping });
  }

  clicked(event) {
    const i = indexOf(event.target);
    if (i < 0 || this.dragged || this.hasTextSweep()) {
      this.dragged = false;
      return;
    }
    const extend = event.shiftKey || this.sweeping;
    if (event.shiftKey) getSelection()?.removeAllRanges();
    this.select(i, { extend, focus: true, scroll: false });
    this.opened(i);
  }

  /** A drag in the margin selects the blocks beside it. */
  dragFrom(event) {
    this.dragged = false;
    if (event.shiftKey && event.pointerType === "mouse") event.preventDefault();
    if (event.pointerType !== "mouse" || event.button !== 0 || !event.target.closest(".tag")) return;
    event.preventDefault();
    const start = indexOf(event.target);
    if (!event.shiftKey) this.select(start, { focus: true, scroll: false });
    this.dragging = true;
    const over = (move) => this.dragOver(move);
    const end = () => {
      this.dragging = false;
      removeEventListener("pointermove", over);
    };
    addEventListener("pointermove", over);
    addEventListener("pointerup", end, { once: true });
  }

  dragOver(event) {
    const i = indexOf(document.elementFromPoint(event.clientX, event.clientY));
    if (i < 0 || i === this.head) return;
    this.dragged = true;
    this.select(i, { extend: true });
  }

  hasTextSweep() {
    const range = this.textRange();
    return range !== null && range[0] !== range[1];
  }

  textRange() {
    const text = getSelection();
    if (!text || text.isCollapsed || !this.root.contains(text.anchorNode) || !this.root.contains(text.focusNode)) return null;
    return [indexOf(text.anchorNode), indexOf(text.focusNode)];
  }

  /** Text selected across blocks selects these blocks. */
  sweepText() {
    const [from, to] = this.textRange() ?? [-1, -1];
    if (from < 0 || to < 0 || from === to || (this.anchor === from && this.head === to)) return;
    this.anchor = from;
    this.select(to, { extend: true, scroll: false });
  }
}

function indexOf(node) {
  const element = node instanceof Element ? node : node?.parentElement;
  const block = element?.closest(".block");
  return block ? Number(block.dataset.i) : -1;
}

function pageFragment(page) {
  const fragment = document.createDocumentFragment();
  let chunk = null;
  let row = null;
  page.blocks.forEach((block, i) => {
    const sameRow = row !== null && sharesRow(page.blocks[i - 1], block);
    if (chunk === null || (chunk.childElementCount >= CHUNK && !sameRow)) {
      chunk = el("div", { class: "chunk", role: "presentation" });
      fragment.append(chunk);
    }
    if (!sameRow) row = startsRow(block, page.blocks[i + 1]) ? chunk.appendChild(el("div", { class: "row", role: "presentation" })) : null;
    (row ?? chunk).append(blockElement(page, block, i));
  });
  return fragment;
}

function startsRow(block, next) {
  return next !== undefined && sharesRow(block, next);
}

function sharesRow(one, other) {
  return one.kind === "cell" && other.kind === "cell" && one.row !== undefined && one.table === other.table && one.row === other.row;
}

function blockElement(page, block, i) {
  const element = document.createElement("div");
  element.id = `b${i}`;
  element.dataset.i = i;
  element.tabIndex = -1;
  element.setAttribute("role", "option");
  element.setAttribute("aria-selected", "false");
  const tag = document.createElement("span");
  tag.setAttribute("role", "img");
  element.append(tag, textElement(block));
  dress(element, page, i);
  return element;
}

/** Sets what follows from the label: classes, the word in the margin, what a screen reader says. */
function dress(element, page, i) {
  const block = page.blocks[i];
  const label = page.label(i);
  const edited = page.isEdited(i);
  const before = edited ? block.label : page.moved.get(i);
  element.className = ["block", labelClass(label), `s${edited ? 5 : strength(block.p)}`, kindClass(block), edited && "edited", page.moved.has(i) && "moved", block.p < 0.8 && !edited && "doubtful"].filter(Boolean).join(" ");
  const tag = element.firstElementChild;
  tag.className = "tag";
  tag.setAttribute("aria-label", spoken(block, label, edited, before));
  tag.replaceChildren(...tagParts(block, label, edited, before));
}

function tagParts(block, label, edited, before) {
  const parts = [el("b", {}, label)];
  parts.push(edited ? el("i", { class: "yours" }, "yours") : el("i", {}, `${percent(block.p)}%`));
  if (before !== undefined) parts.push(el("s", {}, before));
  return parts;
}

function spoken(block, label, edited, before) {
  const sure = edited ? "corrected by you" : `${percent(block.p)} percent`;
  const was = before === undefined ? "" : `, was ${before}`;
  const kind = block.kind === "heading" ? `heading level ${block.level ?? 2}` : SPOKEN[block.kind];
  return `${label}, ${sure}${was}${kind ? `, ${kind}` : ""}.`;
}

/** 1 to 5: how strong the tint is. */
function strength(p) {
  return 1 + [0.5, 0.7, 0.85, 0.95].filter((bound) => p >= bound).length;
}

export function kindClass(block) {
  if (block.kind === "heading") return `k-heading h${block.level ?? 2}`;
  if (block.kind === "list_item") return `k-list_item d${Math.min(block.depth ?? 1, 4)}`;
  if (block.kind === "cell") return block.header ? "k-cell k-header" : "k-cell";
  return /^[a-z_]+$/.test(block.kind ?? "") ? `k-${block.kind}` : "k-paragraph";
}

function textElement(block) {
  const text = el("span", { class: "text" });
  if (block.ordinal) text.dataset.ordinal = `${block.ordinal}.`;
  appendText(text, block.text);
  return text;
}

/** Appends text; a very long one in runs that are laid out only when they are seen. */
export function appendText(element, text) {
  if (text.length <= RUN * 2) {
    element.append(document.createTextNode(text));
    return;
  }
  for (let start = 0; start < text.length;) {
    const end = runEnd(text, start);
    element.append(el("span", { class: "run" }, text.slice(start, end)));
    start = end;
  }
}

/** The end of a run: after a line feed, sentence or space where there is one, never inside a character. */
function runEnd(text, start) {
  const most = start + RUN;
  if (most >= text.length) return text.length;
  for (const mark of ["\n", "。", ". ", " "]) {
    const found = text.lastIndexOf(mark, most);
    if (found > start + RUN / 2) return found + mark.length;
  }
  const code = text.charCodeAt(most);
  return code >= 0xdc00 && code <= 0xdfff ? most + 1 : most;
}
