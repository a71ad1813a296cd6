// What is open stands behind the # of the address, so that Back, a reload and a link to a colleague find it again.

/** Documents that were pasted or dropped: they are nowhere else, so this tab keeps them. */
const KEPT = "pagesieve-document-";
const documents = new Map();

/** `place`: one of `{queue: AT}`, `{url: URL}`, `{pasted: ID}` and `{example: true}`; nothing is the start. */
export function addressOf(place, view) {
  const parts = new URLSearchParams();
  if (place) for (const [name, value] of Object.entries(place)) parts.set(name, value);
  if (place && view !== "reader") parts.set("view", view);
  const hash = parts.toString();
  return hash ? `#${hash}` : location.pathname;
}

/** The place and the view of an address. */
export function placeOf(hash) {
  const parts = new URLSearchParams(hash.replace(/^#/, ""));
  const view = parts.get("view") ?? "reader";
  const at = parts.get("queue");
  if (at !== null && /^\d+$/.test(at)) return { place: { queue: Number(at) }, view };
  for (const name of ["url", "pasted"]) if (parts.get(name)) return { place: { [name]: parts.get(name) }, view };
  return { place: parts.has("example") ? { example: true } : null, view };
}

export function isSame(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Keeps a document for as long as the tab is open; a large one is lost with a reload. */
export function keep(doc) {
  documents.set(doc.id, doc);
  try {
    sessionStorage.setItem(KEPT + doc.id, JSON.stringify(doc));
  } catch {
    // The tab's memory is full; Back and Forward still find it.
  }
}

/** A document that was kept, or null. */
export function kept(id) {
  try {
    return documents.get(id) ?? JSON.parse(sessionStorage.getItem(KEPT + id));
  } catch {
    return null;
  }
}
