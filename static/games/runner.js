// Takes a person through a task: instructions, practice, rounds, and back after an interruption.
// What the server has to offer for it is in README.md.

import { Aside } from "./aside.js";
import { build, button, format } from "./build.js";
import { Closed, Outbox, Refused } from "./outbox.js";
import { device, shown, wait, watchFocus } from "./timing.js";
import { guard, settle } from "./touch.js";

const PATIENCE_MS = 15000;
const CLEAR_MS = 1000;
const ENGINES = ["span", "n_back", "ferry", "matrix", "spotting", "switching"];

class Runner {
  constructor(host) {
    this.host = host;
    this.endpoint = host.dataset.endpoint;
    this.load = crypto.randomUUID?.() ?? String(Math.random()).slice(2);
    this.heading = build("h1", { class: "game-title", tabindex: "-1" }, host.querySelector("h1").textContent);
    this.place = build("p", { class: "game-place" });
    this.stage = build("div", { class: "game-stage", tabindex: "-1" }, host.querySelector("[role=status]"));
    this.live = build("p", { class: "visually-hidden", role: "status", "aria-live": "polite" });
    this.saved = build("p", { class: "game-saved", role: "status", "aria-live": "polite" });
    host.replaceChildren(
      build("header", { class: "game-head" }, this.heading, this.place), this.stage, this.saved, this.live,
    );
    this.words = { offline: host.dataset.offline }; // until the server gave all of them
    this.aside = new Aside(host);
    this.#claim();
    this.outbox = new Outbox(this.endpoint, (what) => this.#tellSaved(what));
  }

  // The page that was opened last plays. An older one stops, so that no trial is played twice.
  #claim() {
    try {
      this.pages = new BroadcastChannel(`game ${this.endpoint}`);
    } catch { return; } // an old browser, or one that keeps nothing
    this.pages.postMessage(this.load);
    this.pages.onmessage = () => {
      this.pages.close();
      this.outbox.handOver();
      this.moved = true;
      this.#show("", [this.words.moved ?? ""]);
      this.stage.append(button(this.words.go_on ?? "", "button-primary", () => window.location.reload()));
    };
  }

  async run() {
    await this.outbox.flushed();
    this.state = await this.outbox.ask("state");
    const { instrument } = this.state;
    this.words = instrument.words;
    this.heading.textContent = instrument.name;
    if (!ENGINES.includes(instrument.engine)) throw new Closed();
    this.game = await loaded(`./${instrument.engine}.js`);
    this.device = await device();
    if (!this.state.finished) await this.#introduce();
    while (!this.state.finished && this.state.trials.length) {
      await this.#round();
      this.state = await this.#waited(this.outbox.flushed().then(() => this.outbox.ask("state")));
    }
    if (!this.state.finished) this.state = await this.#waited(this.outbox.ask("finish", { device: this.device }));
    this.#done();
  }

  // The server's answer. Where it takes long, what was played last does not stand there meanwhile.
  async #waited(answer) {
    const late = setTimeout(() => this.moved || this.#show("", [this.words.loading]), CLEAR_MS);
    try { return await answer; } finally { clearTimeout(late); }
  }

  // --- Screens -------------------------------------------------------------

  async #introduce() {
    const { instrument, answered } = this.state;
    const kept = this.#kept("practised");
    if (answered) return this.#screen(this.words.back_title, [this.words.back_text], [["go_on", this.words.go_on]]);
    await this.#screen(
      instrument.name,
      [...instrument.instructions, build("p", { class: "muted" }, format(this.words.minutes, instrument)),
        this.#accessibility(instrument)],
      [["practise", kept ? this.words.practice_again : this.words.practice_start]],
    );
    do await this.#practise(instrument);
    while (await this.#screen(this.words.practice_done, [this.words.practice_done_text], [
      ["start", this.words.start], ["again", this.words.practice_again, "button-quiet"],
    ]) === "again");
    this.#keep("practised", "yes");
  }

  #accessibility(instrument) {
    if (!instrument.accessibility.length) return null;
    return build("details", { class: "game-notes" },
      build("summary", {}, this.words.before_title),
      build("ul", {}, instrument.accessibility.map((sentence) => build("li", {}, sentence))));
  }

  async #practise(instrument) {
    await this.#screen(this.words.practice_title, [...instrument.try_out, build("p", { class: "muted" }, this.words.practice_note)],
      [["start", this.words.start]]);
    let round = null;
    for (const trial of this.state.practice) {
      const first = trial.round !== round;
      const about = first && this.game.about?.(trial, this.words);
      if (about) await this.#screen(this.words.practice_title, [about], [["start", this.words.start]]);
      round = trial.round;
      this.place.textContent = this.words.practice_title;
      const played = await this.#play(trial, { practice: true, first });
      await this.#feedback(trial, played);
    }
  }

  async #round() {
    const { trials, part, parts, done } = this.state;
    const about = this.game.about?.(trials[0], this.words);
    const place = format(parts ? this.words.part : this.words.part_open, { part, parts });
    const lines = [about ?? this.words.part_ready, ...(done ? [build("p", { class: "muted" }, this.words.pause)] : [])];
    await this.#screen(place, lines, [["start", this.words.start]]);
    this.place.textContent = place;
    let first = true;
    for (const trial of trials) {
      const played = await this.#play(trial, { practice: false, first });
      first = false;
      this.outbox.add({ trial_number: trial.trial_number, ...played, load: this.load });
      this.#forgetDraft();
      if (played.focus_lost && trial !== trials[trials.length - 1]) {
        await this.#screen(place, [this.words.left_page], [["go_on", this.words.go_on]]);
        this.place.textContent = place;
        first = true;
      }
    }
    this.#pause();
  }

  async #play(trial, how) {
    const stop = watchFocus();
    this.#clear();
    this.stage.className = `game-stage game-${this.state.instrument.engine}`;
    this.stage.dataset.trial = trial.trial_number;
    this.host.classList.add("game-on");
    this.aside.putAway();
    // The button that was pressed is gone: whoever uses keys or a screen reader goes on from here.
    if (document.activeElement === document.body) this.stage.focus({ preventScroll: true });
    const played = await this.game.play(trial, {
      ...how,
      stage: this.stage,
      answers: this.answers,
      words: this.words,
      say: (text) => this.#say(text),
      shown: async () => {
        const time = await shown();
        this.stage.classList.add("is-open"); // from here on answers are taken
        return time;
      },
      draft: () => (how.practice ? null : this.#draft(trial)),
      keepDraft: (content) => how.practice || this.#keepDraft(trial, content),
    });
    if (this.moved) await new Promise(() => {}); // another page plays on
    this.stage.classList.remove("is-open");
    return {
      response: played.response ?? null,
      response_ms: Math.max(0, Math.round(played.response_ms * 10) / 10),
      shown_at: Math.round(played.shown_at * 10) / 10,
      focus_lost: stop(),
      timed_out: Boolean(played.timed_out),
    };
  }

  // What the last trial showed goes; the place for answers, and what is in it, stays for a round.
  #clear() {
    if (this.answers?.parentElement !== this.stage) this.answers = build("div", { class: "choices" });
    for (const one of [...this.stage.children]) if (one !== this.answers) one.remove();
    if (!this.answers.isConnected) this.stage.append(this.answers);
  }

  // No trial is played now: the rest of the page is there again, to stop for instance.
  #pause() {
    this.host.classList.remove("game-on");
    this.aside.bringBack();
  }

  async #feedback(trial, played) {
    const found = this.game.feedback?.(trial, played, this.words);
    if (!found) return null;
    const verdict = played.timed_out ? this.words.too_late : found.right ? this.words.right : this.words.wrong;
    const box = build("div", { class: `game-verdict ${found.right ? "is-right" : "is-wrong"}`, role: "status" },
      build("p", { class: "game-verdict-word" }, verdict), found.text ? build("p", {}, found.text) : null);
    this.stage.append(box);
    if (this.game.feedbackMs) return wait(this.game.feedbackMs);
    await this.game.explain?.(trial, played, { stage: this.stage, words: this.words });
    return this.#choose(box, [["next", this.words.next_item]]);
  }

  #done() {
    this.#screen(this.words.done_title, [this.words.done_text], []);
    const next = this.state.next ?? this.host.dataset.next;
    if (next) this.stage.append(build("a", { class: "button button-primary", href: next }, this.words.next));
    settle(this.stage);
    this.saved.textContent = "";
    for (const stop of document.querySelectorAll("[data-stop]")) stop.hidden = true; // nothing is left to stop
  }

  // Shows a heading and paragraphs, and resolves with the name of the button that was pressed.
  #screen(title, lines, choices) {
    if (this.moved) return new Promise(() => {});
    this.#show(title, lines);
    return choices.length ? this.#choose(this.stage, choices, false) : null;
  }

  #show(title, lines) {
    this.#pause();
    this.stage.className = "game-stage game-screen card";
    this.place.textContent = "";
    const paragraphs = lines.filter(Boolean).map((line) => (typeof line === "string" ? build("p", {}, line) : line));
    const same = !title || title === this.heading.textContent;
    const heading = same ? null : build("h2", { tabindex: "-1" }, title);
    this.stage.replaceChildren(...[heading].filter(Boolean), build("div", { class: "stack" }, paragraphs));
    (heading ?? this.heading).focus({ preventScroll: false });
  }

  #choose(parent, choices, focus = true) {
    return new Promise((resolve) => {
      const buttons = choices.map(([name, text, kind = "button-primary"]) => button(text, kind, () => resolve(name)));
      parent.append(build("div", { class: "game-actions" }, buttons));
      settle(parent);
      if (focus) buttons[0].focus({ preventScroll: false });
    });
  }

  #say(text) {
    this.live.textContent = "";
    requestAnimationFrame(() => { this.live.textContent = text; });
  }

  #tellSaved(what) {
    const text = this.words[what] ?? "";
    this.saved.classList.toggle("is-offline", what === "offline");
    if (this.saved.textContent !== text) this.saved.textContent = text;
  }

  failed(error) {
    const sentence = error instanceof Refused ? this.words.refused : error.message || this.words.closed;
    const known = error instanceof Closed || error instanceof Refused;
    this.#pause();
    this.stage.className = "game-stage game-screen card";
    this.stage.replaceChildren(build("p", { role: "alert" }, known ? sentence ?? this.host.dataset.failed : this.host.dataset.failed));
    if (!(error instanceof Closed)) this.stage.append(button(this.host.dataset.reload, "", () => window.location.reload()));
    if (!known) throw error;
  }

  // --- What this browser remembers between two loadings of the page --------

  #kept(name) {
    try { return localStorage.getItem(`${name} ${this.endpoint}`); } catch { return null; }
  }

  #keep(name, content) {
    try { localStorage.setItem(`${name} ${this.endpoint}`, content); } catch { /* switched off */ }
  }

  #draft(trial) {
    try {
      const draft = JSON.parse(this.#kept("draft") ?? "null");
      return draft?.trial_number === trial.trial_number ? draft.content : null;
    } catch { return null; } // not what we kept
  }

  #keepDraft(trial, content) {
    this.#keep("draft", JSON.stringify({ trial_number: trial.trial_number, content }));
  }

  #forgetDraft() {
    try { localStorage.removeItem(`draft ${this.endpoint}`); } catch { /* switched off */ }
  }
}

// The program of a game, asked for again when it does not come: each time by another address, as a
// browser remembers that one failed.
async function loaded(address) {
  for (const again of ["", "?again=1", "?again=2"]) {
    const late = new Promise((resolve) => { setTimeout(resolve, PATIENCE_MS, null); });
    const game = await Promise.race([import(address + again).catch(() => null), late]);
    if (game) return game;
  }
  throw new Error(`${address} could not be loaded`);
}

guard();
for (const host of document.querySelectorAll("[data-game]")) {
  const runner = new Runner(host);
  runner.run().catch((error) => runner.failed(error));
}
