// Keeps what was played until the server has it: through lost connections, reloads and closed tabs.

import { within } from "../within.js";

const PATIENCE_MS = 15000;
const RETRY_MS = [1000, 3000, 10000, 30000];
const BATCH = 40;
const AGAIN = [408, 425, 429];

export class Closed extends Error {} // the sitting takes nothing more; the message says why
export class Refused extends Error {} // the server did not understand what we sent

export class Outbox {
  // tell: called with "saving", "saved" or "offline"
  constructor(endpoint, tell) {
    this.endpoint = endpoint;
    this.tell = tell;
    this.key = `played ${endpoint}`;
    this.unsent = this.#recall();
    this.failures = 0;
    this.sending = null;
    this.wake = null;
    window.addEventListener("online", () => this.wake?.());
  }

  add(response) {
    this.unsent.push(response);
    this.#remember();
    this.#start();
  }

  // Another page goes on from what is remembered; this one sends nothing any more.
  handOver() {
    this.unsent = [];
  }

  // Resolves once everything is with the server; throws Closed or Refused.
  async flushed() {
    while (this.unsent.length) await this.#start();
    if (this.sending) await this.sending;
  }

  // GET and POST as JSON, repeated until there is an answer.
  async ask(path, body) {
    for (;;) {
      const answer = await this.#once(path, body);
      if (answer) return answer;
      this.tell("offline");
      await this.#pause();
    }
  }

  #start() {
    this.sending ??= this.#send().finally(() => { this.sending = null; });
    this.sending.catch(() => {}); // whoever waits in flushed() hears of it
    return this.sending;
  }

  async #send() {
    while (this.unsent.length) {
      this.tell(this.failures ? "offline" : "saving");
      const batch = this.unsent.slice(0, BATCH);
      try {
        await this.ask("trials", { responses: batch });
      } catch (error) {
        if (error instanceof Refused) this.#drop(batch.length);
        throw error;
      }
      if (this.unsent[0] === batch[0]) this.#drop(batch.length);
    }
    this.tell("saved");
  }

  async #once(path, body) {
    const token = document.querySelector('meta[name="csrf-token"]')?.content;
    const headers = { Accept: "application/json" };
    if (body) headers["Content-Type"] = "application/json";
    if (body && token) headers["X-CSRFToken"] = token;
    let answer;
    try {
      answer = await within(PATIENCE_MS, `${this.endpoint}/${path}`, {
        method: body ? "POST" : "GET", headers, cache: "no-store", body: body && JSON.stringify(body),
      }, read);
    } catch {
      return null; // no connection, no answer in time, or one that broke off
    }
    if (answer.ok) {
      this.failures = 0;
      return answer.content;
    }
    if (answer.status >= 500 || AGAIN.includes(answer.status)) return null;
    // The server itself refuses in JSON, or because everything was deleted. Others on the way, such
    // as a hotel's login page, do it in their own words.
    if (!answer.content && answer.status !== 410) return null;
    if ([400, 422].includes(answer.status)) throw new Refused();
    throw new Closed(answer.content?.sentence ?? "");
  }

  #pause() {
    const wait = RETRY_MS[Math.min(this.failures, RETRY_MS.length - 1)];
    this.failures += 1;
    return new Promise((resolve) => {
      this.wake = resolve;
      setTimeout(resolve, wait);
    });
  }

  #drop(count) {
    this.unsent.splice(0, count);
    this.#remember();
  }

  #remember() {
    try {
      if (this.unsent.length) localStorage.setItem(this.key, JSON.stringify(this.unsent));
      else localStorage.removeItem(this.key);
    } catch { /* storage is switched off: what is unsent lives as long as the page */ }
  }

  #recall() {
    try {
      const kept = JSON.parse(localStorage.getItem(this.key));
      return Array.isArray(kept) ? kept : [];
    } catch {
      return [];
    }
  }
}

// What is no JSON is an error page: without content.
async function read(answer) {
  const content = answer.ok ? await answer.json() : await answer.json().catch(() => null);
  return { ok: answer.ok, status: answer.status, content };
}
