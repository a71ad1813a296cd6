// Calls of the server's API. Every failure is an ApiError whose message says what to do.

const TOKEN_KEY = "pagesieve-token";
const JSON_TYPE = { "content-type": "application/json" };

export class ApiError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }

  /** Whether the same call may succeed later. */
  get passing() {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

let tokenPrompt = null;

/** Sets who is asked for the token; `prompt(wrong)` promises the token, or null when the user cancels. */
export function askForToken(prompt) {
  let open = null;
  tokenPrompt = (wrong) => {
    open ??= prompt(wrong).finally(() => { open = null; });
    return open;
  };
}

function headersWith(headers) {
  const token = sessionStorage.getItem(TOKEN_KEY);
  return token ? { ...headers, authorization: `Bearer ${token}` } : headers;
}

async function send(method, path, body, headers = {}) {
  try {
    return await fetch(path, { method, body, headers: headersWith(headers), cache: "no-store", credentials: "same-origin", redirect: "error" });
  } catch {
    throw new ApiError(0, "the server does not answer; check that `pagesieve serve` still runs, then try again");
  }
}

async function request(method, path, body, headers) {
  const used = sessionStorage.getItem(TOKEN_KEY);
  let answer = await send(method, path, body, headers);
  while (answer.status === 401) {
    if (sessionStorage.getItem(TOKEN_KEY) === used) await renewToken(used !== null);
    const before = sessionStorage.getItem(TOKEN_KEY);
    answer = await send(method, path, body, headers);
    if (answer.status === 401 && sessionStorage.getItem(TOKEN_KEY) === before) await renewToken(true);
  }
  if (!answer.ok) throw new ApiError(answer.status, await messageOf(answer));
  return answer;
}

async function renewToken(wrong) {
  const token = await tokenPrompt?.(wrong);
  if (!token) throw new ApiError(401, "this server asks for a token; reload the page to enter it");
  sessionStorage.setItem(TOKEN_KEY, token);
}

async function messageOf(answer) {
  const text = await answer.text().catch(() => "");
  try {
    const { error } = JSON.parse(text);
    if (error) return typeof error === "string" ? error : error.message;
  } catch {
    // Not JSON: the status says more than the text.
  }
  return plainStatus(answer.status);
}

function plainStatus(status) {
  const known = {
    404: "the server does not know this; it may be an older version",
    408: "the server gave up waiting; try again",
    413: "the page is larger than the server takes; start it with a higher limit or open a smaller page",
    429: "the server is busy; try again in a moment",
    503: "the server is busy; try again in a moment",
  };
  return known[status] ?? `the server answered with status ${status}; its log says more`;
}

async function json(method, path, body, headers) {
  const answer = await request(method, path, body, headers);
  const text = await answer.text();
  try {
    return text ? JSON.parse(text) : {};
  } catch {
    throw new ApiError(500, "the server's answer is not JSON; it may be another program on this port");
  }
}

const put = (path, value) => json("PUT", path, JSON.stringify(value), JSON_TYPE);
const post = (path, value) => json("POST", path, JSON.stringify(value), JSON_TYPE);

const DETAIL = "blocks=true&explain=true";

/** The row of a document, with blocks and explanations, and what is saved of it: `{row, saved}`. */
export function check(doc) {
  return post(`/v1/check?${DETAIL}&document=true`, doc);
}

/** The main content of a document as Markdown. */
export async function markdown(doc) {
  return (await post("/v1/check?body=markdown", doc)).body ?? "";
}

/** Fetches a page through the server: `{document, row}`. */
export async function score(url) {
  const answer = await json("GET", `/v1/score?url=${encodeURIComponent(url)}&${DETAIL}&document=true`);
  return answer.row ? answer : { document: null, row: answer };
}

export function labels() {
  return json("GET", "/v1/labels");
}

/** What is known of a host, or null. */
export async function host(name) {
  try {
    return await json("GET", `/v1/hosts/${encodeURIComponent(name)}`);
  } catch (error) {
    if (error.status === 404) return null;
    throw error;
  }
}

export function savePage(page) {
  return put("/v1/pages", page);
}

export function removePage(name) {
  return json("DELETE", `/v1/pages/${encodeURIComponent(name)}`);
}

export function queue(by, offset, limit) {
  return json("GET", `/v1/queue?by=${by}&offset=${offset}&limit=${limit}`);
}

export function queuePage(at) {
  return json("GET", `/v1/queue/${at}?${DETAIL}`);
}

export function startTraining() {
  return post("/v1/train", {});
}

export function training() {
  return json("GET", "/v1/train");
}

export function model() {
  return json("GET", "/v1/model");
}

export function useModel(use) {
  return post("/v1/model", { use });
}

/** The text of the built-in example page. */
export async function example() {
  return (await request("GET", "/inspector/example.html")).text();
}
