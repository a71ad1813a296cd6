// The page that is open: its document, its row, and what people corrected. Knows no DOM.

/** What `PUT /v1/pages` takes as `type`. */
export const PAGE_TYPES = ["article", "forum", "product", "collection", "listing", "documentation", "service"];

export class Page {
  /** `saved`: what the labels folder already has of this page, `{name, type, labels}`. */
  constructor(doc, row, { at = null, saved = null } = {}) {
    this.document = doc;
    this.row = row;
    this.blocks = row.blocks ?? [];
    this.at = at;
    this.type = saved?.type ?? "article";
    this.savedName = saved?.name ?? null;
    this.edits = new Map();
    this.undoable = [];
    this.moved = new Map();
    this.version = 0;
    if (saved?.labels?.length === this.blocks.length) this.takeOver(saved.labels);
  }

  takeOver(labels) {
    labels.forEach((label, i) => {
      if (label !== this.blocks[i].label) this.edits.set(i, label);
    });
  }

  /** The label as it stands: the correction, or the model's. */
  label(i) {
    return this.edits.get(i) ?? this.blocks[i].label;
  }

  labels() {
    return this.blocks.map((_, i) => this.label(i));
  }

  isEdited(i) {
    return this.edits.has(i);
  }

  /** Labels blocks; gives the indexes that changed. */
  relabel(indexes, label) {
    const step = [];
    for (const i of indexes) {
      if (this.label(i) === label) continue;
      step.push([i, this.edits.get(i)]);
      this.setEdit(i, label);
    }
    if (step.length > 0) {
      this.undoable.push(step);
      this.version += 1;
    }
    return step.map(([i]) => i);
  }

  setEdit(i, label) {
    if (label === undefined || label === this.blocks[i].label) this.edits.delete(i);
    else this.edits.set(i, label);
  }

  /** Takes the last correction back; gives the indexes that changed. */
  undo() {
    const step = this.undoable.pop();
    if (!step) return [];
    for (const [i, before] of step) this.setEdit(i, before);
    this.version += 1;
    return step.map(([i]) => i);
  }

  setType(type) {
    this.type = type;
    this.version += 1;
  }

  /** Marks the page as seen and right, so that it is saved without a correction too. */
  confirm() {
    this.version += 1;
  }

  /** Blocks of each label. */
  counts() {
    const counts = new Map();
    for (let i = 0; i < this.blocks.length; i += 1) {
      const label = this.label(i);
      counts.set(label, (counts.get(label) ?? 0) + 1);
    }
    return counts;
  }

  /** Takes the row of another model over; `moved` then has what it sees differently, as index → label before. */
  rejudge(row) {
    const before = this.blocks;
    this.row = row;
    this.blocks = row.blocks ?? [];
    this.moved = new Map();
    this.undoable = [];
    const same = before.length === this.blocks.length;
    const edits = same ? [...this.edits] : [];
    this.edits = new Map();
    for (const [i, label] of edits) this.setEdit(i, label);
    if (same) this.noteMoved(before);
    return edits.filter(([i]) => !this.edits.has(i)).length;
  }

  noteMoved(before) {
    this.blocks.forEach((block, i) => {
      if (block.label !== before[i].label) this.moved.set(i, before[i].label);
    });
  }

  /** What `PUT /v1/pages` takes. */
  toSave() {
    const { id, url, html, text } = this.document;
    const doc = html === undefined ? { id, url, text } : { id, url, html };
    return { document: doc, type: this.type, labels: this.labels(), chosen: [...this.edits.keys()] };
  }
}

/** A page of text that somebody pasted or dropped. Its id depends on its content, so that it is saved once. */
export function documentOf(source, { name = "pasted", url = null, kind = "auto" } = {}) {
  const html = kind === "html" || (kind === "auto" && looksLikeHtml(source));
  const id = `${stem(name)}-${hash(source)}`;
  return html ? { id, url, html: source } : { id, url, text: source };
}

function looksLikeHtml(source) {
  return /<(!doctype|html|head|body|div|p|article|section|table|ul|h[1-6]|a|span)\b[^>]*>/i.test(source.slice(0, 20000));
}

function stem(name) {
  return name.replace(/^.*[\\/]/, "").replace(/\.[^.]*$/, "").slice(0, 60) || "pasted";
}

/** FNV-1a, 32 bits. */
function hash(text) {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) {
    value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  }
  return (value >>> 0).toString(16).padStart(8, "0");
}

/** The text of a file, by its byte order mark, its own `charset=`, UTF-8, or GB18030 in this order. */
export async function textOfFile(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, 2048));
  const declared = /<meta[^>]+charset\s*=\s*["']?([\w-]+)/i.exec(head)?.[1];
  for (const charset of [markOf(bytes), declared, "utf-8", "gb18030"]) {
    const text = charset && decoded(bytes, charset);
    if (text !== null && text !== undefined) return text;
  }
  return new TextDecoder().decode(bytes);
}

function markOf(bytes) {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  return null;
}

function decoded(bytes, charset) {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
