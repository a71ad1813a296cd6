// Connects the parts: opens pages, hands keys and clicks to the reader, keeps panels and corrections in step.

import { addressOf, isSame, keep, kept, placeOf } from "./address.js";
import * as api from "./api.js";
import { showBlock } from "./block-panel.js";
import { announce, byId, counted, el, fill, hideToast, snippet, toast } from "./dom.js";
import { drawHelp, listenToKeys } from "./keys.js";
import { learnLabels } from "./labels.js";
import { Legend } from "./legend.js";
import { documentOf, Page, textOfFile } from "./page.js";
import { showPage } from "./page-panel.js";
import { Queue } from "./queue.js";
import { Reader } from "./reader.js";
import { showRemoved } from "./removed-panel.js";
import { Saver } from "./saver.js";
import { Training } from "./training.js";
import { showView } from "./views.js";

const VIEWS = ["reader", "body", "markdown", "raw"];
/** Pages larger than this are not sent; the server's own limit may be lower. */
const MOST_BYTES = 64 * 1024 * 1024;

/** The width under which panels are sheets; the same as in the style sheet. */
const isPhone = matchMedia("(max-width: 52rem)");

let page = null;
/** What is open, as its address says it; null is the start. */
let place = null;
let view = "reader";
let opening = 0;
/** Where the reader was scrolled to when another view was opened. */
let readerAt = 0;

const reader = new Reader(byId("reader"), { selected: () => drawBlock(), opened: () => openSheet("block") });
const legend = new Legend(byId("kinds"), byId("kinds-all"), { switched: (name, hide) => reader.hideLabel(name, hide) });
const saver = new Saver({ changed: showSaving, saved: pageSaved });
const training = new Training(byId("train-detail"), { swapped: modelSwapped });
const queue = new Queue(
  { list: byId("queue"), note: byId("queue-note"), by: byId("queue-by"), more: byId("queue-more"), walk: byId("walk"), walkAt: byId("walk-at") },
  { opened: openQueued, known: queueKnown },
);

// ---- opening ----

/** Opens what `load` promises (`{document, row, …}`) at its place; a later call wins over an earlier one. */
async function open(what, load, at, { view: shown = "reader" } = {}) {
  const turn = ++opening;
  saver.flush();
  hideToast();
  document.body.classList.add("busy");
  announce(`Judging ${what}`);
  try {
    const { document: doc, row, saved } = await load();
    if (turn !== opening) return;
    show(new Page(doc, row, { at: at.queue ?? null, saved }), at, shown);
  } catch (error) {
    if (turn === opening) toast(`${what} cannot be shown: ${error.message}.`, 30);
  } finally {
    if (turn === opening) document.body.classList.remove("busy");
  }
}

function show(next, at, shown) {
  if (next.row.status === "error") {
    toast(`This page could not be judged: ${next.row.error?.message ?? "no reason given"}`, 30);
    return;
  }
  page = next;
  place = at;
  byId("start").hidden = true;
  byId("page").hidden = false;
  byId("start-back").hidden = false;
  document.body.classList.add("has-page");
  closeSheet();
  hideNotice();
  if (page.at === null) queue.leave();
  else queue.mark(page.at);
  drawView("reader");
  drawHead();
  saver.tell();
  reader.show(page);
  drawPanels();
  scrollTo(0, 0);
  if (page.at !== null) reader.moveToDoubt();
  else reader.selectOnScreen();
  reader.block(reader.head)?.focus({ preventScroll: true });
  if (VIEWS.includes(shown) && shown !== "reader") drawView(shown);
  noteAddress();
  announce(`${page.row.verdict}. ${summary()}`);
}

async function openDocument(doc, what, options) {
  keep(doc);
  await open(what, () => judged(doc), { pasted: doc.id }, options);
}

/** The source stays as it was pasted: its corrections are saved under what it hashes to. */
async function judged(doc) {
  return { ...(await api.check(doc)), document: doc };
}

async function openAddress(address, options) {
  const url = /^[a-z][a-z0-9+.-]*:/i.test(address) ? address : `https://${address}`;
  await open("The page at this address", () => api.score(url), { url }, options);
}

async function openQueued(at, options) {
  await open("This page of the queue", () => api.queuePage(at), { queue: at }, options);
}

async function openFile(file) {
  if (/\.(jsonl|json|parquet|warc|wacz)(\.\w+)?$/i.test(file.name)) {
    toast(`${file.name} holds many pages. The server opens such files: \`pagesieve serve --help\` says how.`, 12);
    return;
  }
  if (file.size > MOST_BYTES) {
    toast(`${file.name} is larger than 64 MB. Judge it with \`pagesieve score\` instead.`, 12);
    return;
  }
  const kind = /\.(html?|xhtml)$/i.test(file.name) ? "html" : "auto";
  await openDocument(documentOf(await textOfFile(file), { name: file.name, kind }), file.name);
}

async function openExample(options) {
  const url = "https://www.larkmere-gazette.example/news/harbour-lights";
  await open("The example", async () => {
    const doc = { id: "example", url, html: await api.example() };
    return judged(doc);
  }, { example: true }, options);
}

/** Opens what the address names: after Back, Forward or a reload, or from a link. */
function openPlace() {
  const { place: named, view: shown } = placeOf(location.hash);
  const options = { view: shown };
  if (named === null) showStart();
  else if (page && isSame(named, place)) {
    drawView(VIEWS.includes(shown) ? shown : "reader");
    backToPage();
  } else if (named.url) openAddress(named.url, options);
  else if (named.queue !== undefined) openQueued(named.queue, options);
  else if (named.example) openExample(options);
  else if (kept(named.pasted)) openDocument(kept(named.pasted), "What you pasted", options);
  else toast("This page was pasted in another tab; paste it here to see it.", 12);
}

/** Has the address say what is open. */
function noteAddress() {
  const address = addressOf(byId("page").hidden ? null : place, view);
  if (address !== (location.hash || location.pathname)) history.pushState(null, "", address);
}

function showStart() {
  closeSheet();
  byId("start").hidden = false;
  byId("page").hidden = true;
  document.body.classList.remove("has-page");
  byId("paste").focus();
  noteAddress();
}

function backToPage() {
  byId("start").hidden = true;
  byId("page").hidden = false;
  document.body.classList.add("has-page");
  reader.block(reader.head)?.focus();
  noteAddress();
}

// ---- drawing ----

function drawHead() {
  const { row } = page;
  document.title = `${titleOf(page)} · pagesieve`;
  byId("page-verdict").textContent = row.verdict;
  byId("page-verdict").className = `verdict v-${row.verdict}`;
  fill(byId("page-title"), titleOf(page));
  byId("page-title").lang = row.lang ?? "";
  byId("page-sum").textContent = summary();
}

function titleOf({ row, blocks }) {
  const first = blocks.find((block) => block.label === "body") ?? blocks[0];
  return row.title || row.url || (first && snippet(first.text, 80)) || row.id;
}

function summary() {
  const body = page.counts().get("body") ?? 0;
  const edited = page.edits.size > 0 ? `, ${page.edits.size} yours` : "";
  return `${body} of ${counted(page.blocks.length, "block")} are body${edited}`;
}

function drawBlock() {
  showBlock(byId("block-detail"), page, page ? reader.selection() : [], { relabel, undo, sweep });
}

function drawPanels() {
  legend.draw(page.counts());
  drawBlock();
  drawPagePanel();
  drawRemoved();
}

function drawPagePanel() {
  showPage(byId("page-detail"), page, { jump, setType, confirm, forget });
}

function drawRemoved() {
  showRemoved(byId("removed-detail"), page, jump);
}

function setView(name) {
  drawView(name);
  noteAddress();
}

function drawView(name) {
  if (view === "reader") readerAt = scrollY;
  view = name;
  for (const button of byId("views").children) button.setAttribute("aria-pressed", String(button.dataset.view === name));
  byId("reader").hidden = name !== "reader";
  byId("view").hidden = name === "reader";
  if (name === "reader") byId("view").replaceChildren();
  else showView(byId("view"), name, page);
  scrollTo(0, name === "reader" ? readerAt : 0);
  if (name === "reader" && document.activeElement === document.body) reader.block(reader.head)?.focus({ preventScroll: true });
}

function nextView() {
  if (page) setView(VIEWS[(VIEWS.indexOf(view) + 1) % VIEWS.length]);
}

function jump(i, options) {
  if (view !== "reader") setView("reader");
  closeSheet();
  reader.jump(i, options);
}

// ---- corrections ----

function relabel(name) {
  if (!canLabel()) return;
  const changed = page.relabel(reader.selection(), name);
  hideToast();
  if (reader.sweeping) reader.sweep(false);
  if (changed.length === 0) return;
  announce(`${counted(changed.length, "block")} now ${name}`);
  afterEdit(changed);
}

function undo() {
  const changed = page?.undo() ?? [];
  if (changed.length === 0) {
    toast("There is nothing to undo on this page.", 3);
    return;
  }
  announce("Undone");
  afterEdit(changed);
  if (view === "reader") reader.jump(changed[0]);
}

function afterEdit(changed) {
  reader.refresh(changed);
  byId("page-sum").textContent = summary();
  legend.draw(page.counts());
  drawBlock();
  drawRemoved();
  if (view === "body") setView("body");
  save();
}

function save() {
  if (page.document) saver.schedule(page);
  else showSaving("failed", "the server did not hand out the source of this page; paste its HTML to keep corrections");
}

function confirm() {
  if (!page) return;
  page.confirm();
  save();
  saver.flush();
}

function setType(type) {
  page.setType(type);
  if (page.savedName) save();
}

async function forget() {
  try {
    await api.removePage(page.savedName);
    page.savedName = null;
    saver.tell();
    if (page.at !== null) queue.tick(page.at, false);
    toast("Taken out of your labelled pages.", 4);
    drawPagePanel();
    countPages();
  } catch (error) {
    toast(`It could not be taken out: ${error.message}.`);
  }
}

function sweep() {
  if (!canLabel()) return;
  const on = reader.sweep();
  closeSheet();
  announce(on ? "Selecting several: move, then press a label" : "Selection ended");
  if (on) toast("Go to the last block (tap it, or j and k), then choose a label.", 5);
}

function pageSaved(saved) {
  if (saved.at !== null) queue.tick(saved.at);
  if (saved === page) drawPagePanel();
  countPages();
}

/** Says whether the open page is saved; `saved` and `none` are about all pages, and it may be another one. */
function showSaving(told, message) {
  const state = told === "saved" || told === "none" ? (page?.savedName ? "saved" : "none") : told;
  const box = byId("saving");
  const was = box.dataset.state;
  box.dataset.state = state;
  box.textContent = { none: "", saving: "Saving…", saved: "Saved", failed: `Not saved: ${message}` }[state];
  byId("save-again").hidden = state !== "failed";
  if (state !== was && (state === "saved" || state === "failed")) announce(box.textContent);
}

async function countPages() {
  try {
    training.setPages((await api.labels()).pages ?? 0);
  } catch {
    // The number is only for show; the next save asks again.
  }
}

// ---- the model ----

/** Judges the open page again and says what the other model sees differently. */
async function modelSwapped(which) {
  const runs = which === "trained" ? "The new model runs now." : "The model from before runs.";
  if (!page?.document) return runs;
  const { row } = await api.check(page.document);
  const agreed = page.rejudge(row);
  reader.show(page);
  drawHead();
  drawPanels();
  showMoved(agreed);
  return `${runs} ${page.moved.size === 0 ? "It labels this page as before." : `It labels ${counted(page.moved.size, "block")} of this page differently.`}`;
}

function showMoved(agreed) {
  const moved = [...page.moved.keys()];
  const text = moved.length === 0 ? "The model that runs now labels this page as before." : `The model that runs now labels ${counted(moved.length, "block")} differently.`;
  const learned = agreed > 0 ? ` It agrees with ${counted(agreed, "correction")} of yours.` : "";
  let next = 0;
  const step = () => { jump(moved[next++ % moved.length]); };
  fill(byId("notice"), el("span", {}, text + learned),
    moved.length > 0 && el("button", { type: "button", class: "quiet", on: { click: step } }, "Show the next"),
    el("button", { type: "button", class: "close", "aria-label": "Close", on: { click: hideNotice } }, "×"));
  byId("notice").hidden = false;
}

function hideNotice() {
  byId("notice").hidden = true;
}

// ---- panels ----

function showTab(name, { focus = false } = {}) {
  document.body.dataset.panel = name;
  for (const tab of document.querySelectorAll("[role=tab]")) {
    const on = tab.dataset.tab === name;
    tab.setAttribute("aria-selected", String(on));
    tab.tabIndex = on ? 0 : -1;
    if (on && focus) tab.focus();
  }
}

/** Shows a panel: on a phone as a sheet. */
function openSheet(name) {
  if (byId(`tab-${name}`)) showTab(name);
  document.body.dataset.sheet = name;
  if (name !== "none") hideToast();
  if (name === "block" && isPhone.matches) reader.block(reader.head)?.scrollIntoView({ block: "start" });
  for (const button of document.querySelectorAll("[data-sheet-of]")) {
    button.setAttribute("aria-expanded", String(button.dataset.sheetOf === name));
  }
}

function closeSheet() {
  openSheet("none");
}

function queueKnown(known) {
  byId("panel-queue").hidden = !known;
  byId("dock-queue").hidden = !known;
  byId("start-queue").hidden = !known;
}

function askToken(wrong) {
  const dialog = byId("token");
  byId("token-wrong").hidden = !wrong;
  byId("token-value").value = "";
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "ok" ? byId("token-value").value : null), { once: true });
  });
}

// ---- listening ----

function canLabel() {
  return page !== null && view === "reader" && !byId("page").hidden;
}

function escape() {
  hideToast();
  if (document.body.dataset.sheet !== "none") closeSheet();
  if (!canLabel()) {
    if (page && view !== "reader") setView("reader");
    if (page) backToPage();
    return;
  }
  if (reader.sweeping) reader.sweep(false);
  else reader.select(reader.head, { focus: true, scroll: false });
}

function openSelected() {
  openSheet("block");
  byId("panel-block").focus();
}

function hideKind() {
  if (reader.head < 0) return;
  legend.toggle(page.label(reader.head), true);
  reader.move(1);
}

function listenToForms() {
  byId("open-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const address = byId("address").value.trim();
    if (address) openAddress(address);
  });
  byId("paste-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const source = byId("paste").value;
    if (!source.trim()) toast("Paste HTML or text first, or choose a file.", 4);
    else openDocument(documentOf(source, { kind: byId("paste-kind").value, url: byId("paste-url").value.trim() || null }), "What you pasted");
  });
  byId("file-choose").addEventListener("click", () => byId("file").click());
  byId("file").addEventListener("change", (event) => {
    const [file] = event.target.files;
    if (file) openFile(file);
    event.target.value = "";
  });
  byId("token-form").addEventListener("submit", () => { byId("token").returnValue = "ok"; });
  byId("token-cancel").addEventListener("click", () => byId("token").close("cancel"));
}

function listenToButtons() {
  const clicks = {
    "open-other": showStart, "start-back": backToPage, example: () => openExample(), "start-queue": () => queue.open(0),
    "walk-back": () => queue.step(-1), "walk-on": () => queue.step(1),
    "help-open": help, "help-close": () => byId("help").close(), "save-again": () => saver.flush(),
  };
  for (const [id, act] of Object.entries(clicks)) byId(id).addEventListener("click", act);
  byId("views").addEventListener("click", (event) => {
    const button = event.target.closest("[data-view]");
    if (button) setView(button.dataset.view);
  });
  document.querySelector(".dock").addEventListener("click", (event) => {
    const name = event.target.closest("[data-sheet-of]")?.dataset.sheetOf;
    if (name) openSheet(document.body.dataset.sheet === name ? "none" : name);
  });
  for (const button of document.querySelectorAll("[data-close]")) button.addEventListener("click", closeSheet);
  listenToTabs();
}

function listenToTabs() {
  const tabs = [...document.querySelectorAll("[role=tab]")];
  for (const [n, tab] of tabs.entries()) {
    tab.addEventListener("click", () => showTab(tab.dataset.tab));
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step) showTab(tabs[(n + step + tabs.length) % tabs.length].dataset.tab, { focus: true });
    });
  }
}

function listenToDrops() {
  const holdsFile = (event) => event.dataTransfer?.types.includes("Files") ?? false;
  document.addEventListener("dragover", (event) => {
    if (!holdsFile(event)) return;
    event.preventDefault();
    byId("drop").hidden = false;
  });
  document.addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) byId("drop").hidden = true;
  });
  document.addEventListener("drop", (event) => {
    byId("drop").hidden = true;
    const [file] = event.dataTransfer?.files ?? [];
    if (!file) return;
    event.preventDefault();
    openFile(file);
  });
}

function help() {
  drawHelp(byId("help-keys"));
  byId("help").showModal();
}

async function start() {
  api.askForToken(askToken);
  listenToForms();
  listenToButtons();
  listenToDrops();
  listenToKeys({
    canLabel, relabel, undo, sweep, help, nextView, escape, hideKind, open: openSelected,
    save: confirm, showAll: () => legend.showAll(), walk: (by) => queue.step(by),
    address: () => byId("address").focus(), move: (by, extend) => reader.move(by, { extend }),
    doubt: () => reader.moveToDoubt(), change: (by) => reader.moveToChange(by), end: (by) => reader.moveToEnd(by),
  });
  byId("reader").addEventListener("reveal", (event) => legend.toggle(event.detail, false));
  addEventListener("beforeunload", (event) => { if (saver.unsaved) event.preventDefault(); });
  addEventListener("pagehide", () => saver.flush());
  addEventListener("popstate", openPlace);
  await greet();
  if (location.hash) openPlace();
}

/** Asks the server what it has: labels, a queue, a model in training. */
async function greet() {
  drawBlock();
  showPage(byId("page-detail"), null);
  showRemoved(byId("removed-detail"), null);
  try {
    const known = await api.labels();
    if (known.labels?.length > 0) learnLabels(known.labels);
    legend.draw(new Map());
    await Promise.all([training.load(known), queue.load()]);
  } catch (error) {
    training.draw();
    toast(`Corrections cannot be saved for now: ${error.message}.`);
  }
}

start();
