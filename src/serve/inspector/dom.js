// Elements from plain values. Text of a page only ever becomes a text node.

/** The element with this id. */
export function byId(id) {
  return document.getElementById(id);
}

/**
 * A new element. `props`: `class`, `data` (an object), `on` (listeners), `hidden`, `disabled` and other attributes.
 * Children that are not nodes become text; null and false are left out.
 */
export function el(tag, props, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    setProperty(element, name, value);
  }
  appendAll(element, children);
  return element;
}

function setProperty(element, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name === "class") element.className = value;
  else if (name === "data") Object.assign(element.dataset, value);
  else if (name === "on") {
    for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
  } else element.setAttribute(name, value === true ? "" : String(value));
}

function appendAll(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

/** Puts these children in the place of what an element holds. */
export function fill(element, ...children) {
  element.replaceChildren();
  appendAll(element, children);
}

/** 0.934 → 93. 100 only where it is exactly 1, and 0 only where it is exactly 0. */
export function percent(p) {
  if (p >= 1 || p <= 0) return p >= 1 ? 100 : 0;
  return Math.min(99, Math.max(1, Math.round(p * 100)));
}

/** "1 block", "3 blocks". */
export function counted(count, one, many = `${one}s`) {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}

/** A name in snake_case as words. */
export function words(name) {
  return String(name ?? "").replaceAll("_", " ");
}

/** The first characters of a text, on one line. */
export function snippet(text, most = 90) {
  const line = text.slice(0, most * 4).replace(/\s+/g, " ").trim();
  const characters = Array.from(line);
  return characters.length > most ? `${characters.slice(0, most).join("")}…` : line;
}

/** +1.50 or −0.33. */
export function signed(weight) {
  return `${weight < 0 ? "−" : "+"}${Math.abs(weight).toFixed(2)}`;
}

/** A bar from 0 to 1. */
export function bar(share, className = "") {
  const inner = el("span", { class: "bar-fill" });
  inner.style.width = `${Math.max(0, Math.min(1, share)) * 100}%`;
  return el("span", { class: `bar-track ${className}`, "aria-hidden": "true" }, inner);
}

/** A bar from the middle: to the right what speaks for, to the left what speaks against. */
export function signedBar(weight, strongest) {
  const inner = el("span", { class: weight < 0 ? "bar-fill against" : "bar-fill for" });
  inner.style.width = `${Math.min(1, Math.abs(weight) / (strongest || 1)) * 50}%`;
  return el("span", { class: "bar-track two-sided", "aria-hidden": "true" }, inner);
}

/** Says something to screen readers without moving the focus. */
export function announce(text) {
  byId("live").textContent = text;
}

let toastTimer = 0;

/** Shows a message for some seconds, errors longer. */
export function toast(text, seconds = 8) {
  const box = byId("toast");
  clearTimeout(toastTimer);
  fill(box, el("span", {}, text), el("button", { type: "button", class: "close", "aria-label": "Close", on: { click: hideToast } }, "×"));
  box.hidden = false;
  toastTimer = setTimeout(hideToast, seconds * 1000);
}

export function hideToast() {
  byId("toast").hidden = true;
}

/** Only addresses of the web may become links. */
export function webAddress(text) {
  try {
    const url = new URL(text);
    return url.protocol === "http:" || url.protocol === "https:" ? url.href : null;
  } catch {
    return null;
  }
}

/** An address as text, with a link beside it that opens it without saying where from. */
export function addressLine(address) {
  const href = webAddress(address);
  return el("p", { class: "address-line" },
    el("span", { class: "address-text" }, snippet(href ?? address, 300)),
    href && el("a", { href, target: "_blank", rel: "noreferrer noopener nofollow", class: "open-address" }, "Open in a new tab"));
}
