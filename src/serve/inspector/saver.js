// Corrections are saved soon after they are made. What fails is kept and tried again.

import * as api from "./api.js";

const DELAY = 250;
const FIRST_RETRY = 1000;
const LAST_RETRY = 30000;

export class Saver {
  /** `changed(state, message)`: state is `saving`, `saved`, `failed` or `none`. `saved(page, answer)` after each save. */
  constructor({ changed, saved }) {
    this.changed = changed;
    this.saved = saved;
    this.waiting = new Map();
    this.anySaved = false;
  }

  /** Whether something is not saved yet. */
  get unsaved() {
    return this.waiting.size > 0;
  }

  /** Saves a page after a short pause; each call starts the pause anew. */
  schedule(page, delay = DELAY) {
    const entry = this.waiting.get(page) ?? { running: false, failures: 0, message: null, final: false };
    this.waiting.set(page, entry);
    clearTimeout(entry.timer);
    if (!entry.running) entry.timer = setTimeout(() => this.save(page), delay);
    this.tell();
  }

  /** Saves everything that waits, now. */
  flush() {
    for (const [page, entry] of this.waiting) {
      if (entry.running) continue;
      clearTimeout(entry.timer);
      this.save(page);
    }
  }

  async save(page) {
    const entry = this.waiting.get(page);
    const version = page.version;
    entry.running = true;
    this.tell();
    try {
      const answer = await api.savePage(page.toSave());
      entry.running = false;
      this.settle(page, entry, version, answer);
    } catch (error) {
      entry.running = false;
      this.fail(page, entry, version, error);
    }
    this.tell();
  }

  settle(page, entry, version, answer) {
    this.anySaved = true;
    Object.assign(entry, { failures: 0, message: null });
    page.savedName = answer.name ?? page.savedName;
    if (page.version === version) this.waiting.delete(page);
    else this.schedule(page);
    this.saved(page, answer);
  }

  fail(page, entry, version, error) {
    entry.message = error.message;
    entry.failures += 1;
    const wait = Math.min(LAST_RETRY, FIRST_RETRY * 2 ** (entry.failures - 1));
    if (page.version !== version) this.schedule(page);
    else if (error.passing ?? false) entry.timer = setTimeout(() => this.save(page), wait);
  }

  tell() {
    const entries = [...this.waiting.values()];
    const failed = entries.find((entry) => entry.message !== null && !entry.running);
    if (failed) this.changed("failed", failed.message);
    else if (entries.length > 0) this.changed("saving", null);
    else this.changed(this.anySaved ? "saved" : "none", null);
  }
}
