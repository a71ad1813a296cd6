// The labels: names, keys, meanings. The server's list wins; this one is for the time before it answers.

const KNOWN = {
  body: ["1", "Main content: headings, lists, tables, code and captions in it."],
  meta: ["2", "Byline, date, source line, tags."],
  comment: ["3", "Readers' comments under an article."],
  nav: ["4", "Menus, breadcrumbs, pagination, tables of contents."],
  related: ["5", "Links to other pages: read next, more from this site."],
  ad: ["6", "Ad slots and sponsored blocks."],
  promo: ["7", "Subscribe, download the app, follow us, affiliate offers."],
  adult: ["8", "Unrelated adult content."],
  gambling: ["9", "Unrelated gambling offers."],
  scam: ["0", "Loans, fake invoices, pharmacy and get-rich offers."],
  seo: ["e", "Stuffed keywords, hidden links, noise tags, doorway text."],
  legal: ["l", "Copyright, disclaimer, filing numbers, cookie and privacy notices."],
  social: ["o", "Share, like and comment prompts."],
  ui: ["i", "Words of widgets: expand, close, top, loading."],
};

const SPARE_KEYS = "abdfqrtxyz";

/** In the server's order: `{name, text, key}`. */
export let LABELS = Object.entries(KNOWN).map(([name, [key, text]]) => ({ name, text, key }));

/** Takes over the server's list; labels this page does not know get a spare key and the colour of `ui`. */
export function learnLabels(list) {
  let spare = 0;
  LABELS = list.map(({ name, text }) => ({ name, text, key: KNOWN[name]?.[0] ?? SPARE_KEYS[spare++] ?? "" }));
}

/** The class that gives a label its colour. */
export function labelClass(name) {
  return name in KNOWN ? `l-${name}` : "l-other";
}

export function labelOfKey(key) {
  return LABELS.find((label) => label.key === key)?.name ?? null;
}

export function meaningOf(name) {
  return LABELS.find((label) => label.name === name)?.text ?? "";
}
