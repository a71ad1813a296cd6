// The other ways to see a page: its body alone, Markdown, and raw (the row's JSON and the source).

import * as api from "./api.js";
import { appendText, kindClass } from "./reader.js";
import { counted, el, fill, toast, words } from "./dom.js";

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
  for (const { block, text } of parts) article.append(bodyPart(block, text));
  if (parts.length === 0) article.append(el("p", { class: "empty" }, "Nothing is left: no block of this page is body."));
  const text = parts.map((part) => part.text).join("\n");
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
  const byFirstLine = new Map();
  for (const block of page.blocks) {
    if (block.label === "body") byFirstLine.set(firstLine(block.text), block);
  }
  const parts = [];
  for (let start = 0; start < body.length;) {
    const end = body.indexOf("\n", start);
    const line = body.slice(start, end < 0 ? body.length : end);
    const block = byFirstLine.get(line);
    const text = block && body.startsWith(block.text, start) ? block.text : line;
    if (text.length > 0) parts.push({ block: block ?? {}, text });
    start += text.length + 1;
  }
  return parts;
}

function firstLine(text) {
  const end = text.indexOf("\n");
  return end < 0 ? text : text.slice(0, end);
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
