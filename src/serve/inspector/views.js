// The other ways to see a page: its body alone, Markdown, and raw (the row's JSON and the source).

import * as api from "./api.js";
import { appendText, kindClass } from "./reader.js";
import { counted, el, fill, toast, words } from "./dom.js";

/** Blocks of the body that are tried at a line; a block may be missing from it. */
const LOOK_AHEAD = 6;

/** What stands between the cells of a row in a row's body. */
const BETWEEN_CELLS = " | ";

/** Fills `root` with a view of the page: `body`, `markdown` or `raw`. */
export function showView(root, name, page) {
  root.lang = name === "raw" ? "" : page.row.lang ?? "";
  if (name === "body") fill(root, ...bodyView(page));
  else if (name === "raw") fill(root, ...rawView(page));
  else return showMarkdown(root, page);
  return Promise.resolve();
}

function bodyView(page) {
  const article = el("article", { class: "body-alone" });
  const corrected = page.edits.size > 0;
  const parts = corrected ? fromLabels(page) : fromBody(page);
  const rows = {};
  for (const part of parts) appendPart(article, part, rows);
  if (parts.length === 0) article.append(el("p", { class: "empty" }, "Nothing is left: no block of this page is body."));
  const text = corrected ? parts.map((part) => part.text).join("\n") : page.row.body ?? "";
  return [toolRow(note(page, corrected, text), copyButton(text)), article];
}

function note(page, corrected, text) {
  const size = counted(Array.from(text).length, "character");
  if (corrected) return `${size}, as you labelled it.`;
  const repairs = (page.row.repairs ?? []).map((repair) => `${words(repair.name)} (${repair.count})`);
  return repairs.length > 0 ? `${size}. Repaired: ${repairs.join(", ")}.` : `${size}, as the filter writes it.`;
}

function fromLabels(page) {
  return page.blocks.filter((_, i) => page.label(i) === "body").map((block) => ({ block, text: block.text }));
}

/** The row's own body, cut into the blocks it was made of, so that headings look like headings. */
function fromBody(page) {
  const body = page.row.body ?? "";
  const blocks = page.blocks.filter((block) => block.label === "body");
  const parts = [];
  let next = 0;
  for (let start = 0; start < body.length;) {
    const ahead = blocks.slice(next, next + LOOK_AHEAD).findIndex((block) => startsLine(body, block.text, start));
    if (ahead >= 0) next += ahead + 1;
    const block = ahead >= 0 ? blocks[next - 1] : {};
    const text = block.text ?? lineAt(body, start);
    if (text.length > 0) parts.push({ block, text });
    start += text.length;
    start += body.startsWith(BETWEEN_CELLS, start) && block.kind === "cell" ? BETWEEN_CELLS.length : 1;
  }
  return parts;
}

/** Whether `text` stands at `start` and ends there with its line or cell. */
function startsLine(body, text, start) {
  const end = start + text.length;
  return text.length > 0 && body.startsWith(text, start) && (end === body.length || body[end] === "\n" || body.startsWith(BETWEEN_CELLS, end));
}

function lineAt(body, start) {
  const end = body.indexOf("\n", start);
  return body.slice(start, end < 0 ? body.length : end);
}

function appendPart(article, { block, text }, rows) {
  if (block.kind !== "cell" || block.row === undefined) {
    article.append(bodyPart(block, text));
    return;
  }
  const table = rowsOf(article, rows, block.table);
  if (rows.row !== block.row) table.append(el("tr", {}));
  rows.row = block.row;
  table.lastElementChild.append(el("td", { class: kindClass(block) }, text));
}

/** The table that cells are added to: the last part of the article, or a new one. */
function rowsOf(article, rows, table) {
  if (article.lastElementChild?.tagName !== "TABLE" || rows.table !== table) {
    article.append(el("table", {}));
    rows.table = table;
    rows.row = undefined;
  }
  return article.lastElementChild;
}

function bodyPart(block, text) {
  const tag = { heading: `h${Math.min(6, (block.level ?? 2) + 1)}`, code: "pre", quote: "blockquote" }[block.kind] ?? "p";
  const part = el(tag, { class: kindClass(block) });
  appendText(part, text);
  return part;
}

async function showMarkdown(root, page) {
  fill(root, el("p", { class: "note" }, "Writing Markdown…"));
  let text;
  try {
    text = await api.markdown(page.document ?? {});
  } catch (error) {
    fill(root, el("p", { class: "error" }, `No Markdown: ${error.message}.`));
    return;
  }
  const said = page.edits.size > 0 ? "As the model labels it, without your corrections." : "As the filter writes it.";
  fill(root, toolRow(said, copyButton(text)), longText(text));
}

function rawView(page) {
  const json = JSON.stringify(page.row, null, 2);
  const source = page.document?.html ?? page.document?.text ?? null;
  const sections = [el("h3", {}, "The row"), toolRow("What the API and `score --json --blocks` give.", copyButton(json)), longText(json)];
  if (source !== null) {
    const name = page.document.html === undefined ? "The text" : "The HTML";
    sections.push(el("h3", {}, name), toolRow(counted(source.length, "character"), copyButton(source)), longText(source));
  }
  return sections;
}

function toolRow(text, button) {
  return el("div", { class: "tool-row" }, el("p", { class: "note" }, text), button);
}

function longText(text) {
  const pre = el("pre", { class: "long", tabindex: "0" });
  appendText(pre, text);
  return pre;
}

function copyButton(text) {
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      toast("Copied.", 2);
    } catch {
      toast("The browser does not let this page copy; select the text and copy it by hand.");
    }
  };
  return el("button", { type: "button", class: "quiet", on: { click: copy } }, "Copy");
}
