// What is known of the page and its host: verdict, scores with their reasons, repairs, the host's evidence.

import * as api from "./api.js";
import { addressLine, bar, counted, el, fill, percent, signed, snippet, webAddress, words } from "./dom.js";
import { PAGE_TYPES } from "./page.js";

/** Scores in the order in which they are shown; 1 is bad, but for `quality`. */
const SCORES = ["quality", "boilerplate", "ads", "adult", "gambling", "scam", "seo", "empty"];
const VERDICTS = { keep: "keep: the article is worth having", review: "review: a person should look", drop: "drop: not worth having" };
const SUB_SCORES = { identity: "who is responsible", authority: "ranks", behaviour: "its own pages", lists: "lists" };

/** `actions`: `jump(index)`, `setType(type)`, `confirm()`, `forget()`. */
export function showPage(root, page, actions) {
  if (!page) {
    fill(root, el("p", { class: "note" }, "Open a page to see its verdict and scores."));
    return;
  }
  const { row } = page;
  fill(root,
    el("h2", {}, "The page"),
    el("p", {}, el("span", { class: `verdict v-${row.verdict}` }, row.verdict), ` ${(VERDICTS[row.verdict] ?? "").replace(/^\w+: /, "")}`),
    pageFacts(page),
    reasonsOf(row, "verdict", "For the verdict", actions),
    scoresOf(row, actions),
    repairsOf(row),
    labelledOf(page, actions),
    hostOf(row.url));
}

function pageFacts(page) {
  const { row } = page;
  const known = [["title", row.title], ["author", row.author], ["date", row.date], ["language", row.lang]];
  const rows = known.filter(([, value]) => value).map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]);
  if (typeof row.confidence === "number") rows.push([el("dt", {}, "expected match"), el("dd", {}, `${percent(row.confidence)}% of the body's words are right`)]);
  return [el("dl", { class: "facts" }, rows), row.url && addressLine(row.url)];
}

function scoresOf(row, actions) {
  if (!row.scores) return null;
  const names = [...SCORES.filter((name) => name in row.scores), ...Object.keys(row.scores).filter((name) => !SCORES.includes(name))];
  return el("div", {},
    el("h3", {}, "Scores"),
    el("p", { class: "note" }, "High is bad, but for quality."),
    el("div", { class: "scores" }, names.map((name) => scoreOf(row, name, actions))));
}

function scoreOf(row, name, actions) {
  const value = row.scores[name];
  const reasons = row.reasons.filter((reason) => reason.of === name);
  const bad = name === "quality" ? 1 - value : value;
  const line = [el("span", { class: "score-name" }, words(name)), bar(value, bad >= 0.5 ? "bad" : "good"), el("span", { class: "weight" }, value.toFixed(2))];
  if (reasons.length === 0) return el("div", { class: "score" }, line);
  return el("details", { class: "score", open: bad >= 0.5 },
    el("summary", {}, line),
    el("ul", { class: "reasons" }, reasons.map((reason) => reasonOf(reason, actions))));
}

function reasonsOf(row, of, title, actions) {
  const reasons = row.reasons.filter((reason) => reason.of === of);
  if (reasons.length === 0) return null;
  return el("div", {}, el("h3", {}, title), el("ul", { class: "reasons" }, reasons.map((reason) => reasonOf(reason, actions))));
}

function reasonOf(reason, actions) {
  return el("li", {},
    el("span", { class: "reason-text", title: reason.name }, reason.text),
    reason.weight !== 0 && el("span", { class: "weight" }, signed(reason.weight)),
    reason.blocks.length > 0 && blockSteps(reason.blocks, actions));
}

/** A button that goes through the blocks of a reason, one at each press. */
function blockSteps(blocks, actions) {
  let next = 0;
  const button = el("button", { type: "button", class: "quiet steps-button" }, blocks.length === 1 ? "show the block" : `show ${blocks.length} blocks`);
  button.addEventListener("click", () => {
    actions.jump(blocks[next % blocks.length], { focus: false });
    next += 1;
    if (blocks.length > 1) button.textContent = `${((next - 1) % blocks.length) + 1} of ${blocks.length}: next`;
  });
  return button;
}

function repairsOf(row) {
  if (!row.repairs?.length) return null;
  return el("div", {}, el("h3", {}, "Repaired in the body"), el("ul", { class: "plain" }, row.repairs.map((repair) => el("li", {}, repair.text))));
}

function labelledOf(page, actions) {
  const select = el("select", { id: "page-type", on: { change: (event) => actions.setType(event.target.value) } },
    PAGE_TYPES.map((type) => el("option", { value: type, selected: type === page.type }, type)));
  const state = page.savedName ? `Among your labelled pages as ${page.savedName}.` : "Not among your labelled pages yet. A correction puts it there; so does the button.";
  return el("div", {},
    el("h3", {}, "As a labelled page"),
    el("p", { class: "note" }, state),
    el("div", { class: "pair" }, el("label", { for: "page-type" }, "Kind of page"), select),
    el("div", { class: "buttons" },
      el("button", { type: "button", class: "quiet", on: { click: actions.confirm } }, "All labels are right: save"),
      page.savedName && el("button", { type: "button", class: "quiet", on: { click: actions.forget } }, "Take it out again")));
}

function hostOf(url) {
  const address = url && webAddress(url);
  if (!address) return null;
  const name = new URL(address).hostname;
  const box = el("div", { class: "host" }, el("p", { class: "note" }, "Asking…"));
  const open = el("details", {}, el("summary", {}, `The host ${name}`), box);
  open.addEventListener("toggle", () => showHost(box, name), { once: true });
  return open;
}

async function showHost(box, name) {
  try {
    const known = await api.host(name);
    fill(box, ...(known ? hostParts(known) : [el("p", { class: "note" }, "Nothing is known of this host.")]));
  } catch (error) {
    fill(box, el("p", { class: "note" }, `Nothing to show: ${error.message}.`));
  }
}

function hostParts(known) {
  const pages = known.evidence?.pages ?? 0;
  const parts = [el("p", { class: "note" }, `${counted(pages, "page")} of ${known.domain ?? known.host} seen. High is good here; unknown is not bad.`)];
  for (const [name, meaning] of Object.entries(SUB_SCORES)) {
    const score = name === "behaviour" ? known.behaviour?.host : known[name];
    if (score) parts.push(subScore(name, meaning, score));
  }
  return parts;
}

function subScore(name, meaning, score) {
  if (typeof score.score !== "number") {
    return el("div", { class: "score" }, el("span", { class: "score-name", title: meaning }, name), el("span", { class: "unknown" }, `unknown: ${snippet(score.why ?? "", 140)}`));
  }
  const line = [el("span", { class: "score-name", title: meaning }, name), bar(score.score, score.score < 0.5 ? "bad" : "good"), el("span", { class: "weight" }, score.score.toFixed(2))];
  return el("details", { class: "score" }, el("summary", {}, line),
    el("ul", { class: "reasons" }, (score.evidence ?? []).map((item) => el("li", {}, el("span", { class: "reason-text", title: item.name }, item.text), el("span", { class: "weight" }, signed(item.weight))))));
}
