// Ferry: bring all goods across under rules, in few crossings.

import { build, button, format } from "./build.js";
import { drawing } from "./goods.js";
import { settle } from "./touch.js";

export async function play(trial, context) {
  const table = new Table(trial, context);
  const shown_at = await context.shown();
  const spent = table.spent;
  await table.ended;
  return { response: table.moves, shown_at, response_ms: spent + performance.now() - shown_at };
}

class Table {
  constructor(trial, context) {
    this.trial = trial;
    this.context = context;
    this.words = context.words;
    this.start = performance.now();
    this.ended = new Promise((resolve) => { this.end = resolve; });
    const draft = context.draft();
    this.moves = [];
    this.spent = draft?.ms ?? 0;
    this.#reset();
    for (const move of draft?.moves ?? []) this.#apply(move);
    this.#build();
    this.#draw();
    if (this.left <= 0) this.#over(this.words.out);
  }

  get left() {
    return this.trial.budget - this.moves.filter((move) => move !== null).length;
  }

  // --- The rules -----------------------------------------------------------

  #reset() {
    this.near = new Set(this.trial.goods);
    this.aboard = new Set();
    this.ferryNear = true;
  }

  get here() {
    return this.ferryNear ? this.near : new Set(this.trial.goods.filter((one) => !this.near.has(one)));
  }

  // The rule that forbids crossing with this load, in words; null when none does.
  #forbids(load) {
    const { apart, not_aboard, after } = this.trial;
    const named = (template, [a, b]) => format(this.words[template], { a: this.words[a], b: this.words[b] });
    const left = [...this.here].filter((one) => !load.includes(one));
    const both = (list) => ([a, b]) => list.includes(a) && list.includes(b);
    const aboard = not_aboard.find(both(load));
    if (aboard) return named("not_aboard", aboard);
    const alone = apart.find(both(left));
    if (alone) return named("apart", alone);
    const early = this.ferryNear && after.find(([later, earlier]) => load.includes(later) && this.near.has(earlier));
    return early ? named("after", early) : null;
  }

  // Makes a move that was decided: a load, or null to start again. Returns what forbade it.
  #apply(move) {
    this.moves.push(move);
    if (move === null) { this.#reset(); return null; }
    const rule = this.#forbids(move);
    if (rule) return rule;
    for (const one of move) {
      if (this.ferryNear) this.near.delete(one);
      else this.near.add(one);
    }
    this.ferryNear = !this.ferryNear;
    this.aboard.clear();
    return null;
  }

  // --- What the person does ------------------------------------------------

  #toggle(one) {
    if (this.aboard.has(one)) this.aboard.delete(one);
    else if (this.aboard.size >= this.trial.seats) return this.#tell(this.words.full, true);
    else this.aboard.add(one);
    this.#tell("");
    this.#draw(one);
  }

  #cross() {
    const rule = this.#apply(this.trial.goods.filter((one) => this.aboard.has(one)));
    this.#keep();
    this.#tell(rule ? format(this.words.broken, { rule }) : this.ferryNear ? this.words.crossed_near : this.words.crossed_far, Boolean(rule));
    this.#draw();
    settle(this.actions);
    if (!this.near.size && !this.ferryNear) this.#over(this.words.solved, true);
    else if (this.left <= 0) this.#over(this.words.out);
  }

  #again() {
    this.#apply(null);
    this.#keep();
    this.#tell(this.words.again_note);
    this.#draw();
    settle(this.actions);
  }

  #leave() {
    const sure = button(this.words.leave, "button-danger", () => this.end());
    const stay = button(this.words.stay, "button-quiet", () => { question.remove(); this.actions.hidden = false; settle(this.actions); this.crossing.focus(); });
    const question = build("div", { class: "game-actions", role: "group", "aria-label": this.words.leave_sure },
      build("p", { class: "game-count" }, this.words.leave_sure), stay, sure);
    this.actions.hidden = true;
    this.actions.after(question);
    settle(question);
    stay.focus();
  }

  #over(text, solved = false) {
    this.board.classList.add("is-over");
    for (const one of this.board.querySelectorAll("button")) one.disabled = true;
    const next = button(this.words.next_item, "button-primary", () => this.end());
    this.actions.replaceChildren(next);
    this.message.textContent = "";
    this.actions.before(build("p", { class: `game-verdict ${solved ? "is-right" : "is-wrong"}`, role: "status" }, text));
    settle(this.actions);
    next.focus();
  }

  #keep() {
    this.context.keepDraft({ moves: this.moves, ms: this.spent + performance.now() - this.start });
  }

  // --- Drawing -------------------------------------------------------------

  #build() {
    const { words, trial } = this;
    const place = (kind, title) => {
      const things = build("ul", { class: "things" });
      return { things, element: build("section", { class: `bank bank-${kind}`, "aria-label": title }, build("h3", {}, title), things) };
    };
    this.farBank = place("far", words.far);
    this.nearBank = place("near", words.near);
    this.boat = place("ferry", words.ferry);
    this.water = build("div", { class: "water" }, this.boat.element);
    this.board = build("div", { class: "river" }, this.farBank.element, this.water, this.nearBank.element);
    this.count = build("strong", { class: "left-number" });
    this.message = build("p", { class: "ferry-message", role: "status", "aria-live": "polite" });
    this.crossing = button(words.cross, "button-primary", () => this.#cross());
    this.actions = build("div", { class: "game-actions" }, this.crossing,
      button(words.again, "", () => this.#again()), button(words.leave, "button-quiet", () => this.#leave()));
    const rule = (kind) => trial[kind].map(([a, b]) => build("li", {}, drawing(a), drawing(b, kind === "after" ? "small" : ""),
      build("span", {}, format(words[kind], { a: this.words[a], b: this.words[b] }))));
    this.context.answers.before(
      build("div", { class: "ferry-top" },
        build("section", { class: "ferry-rules" }, build("h2", { class: "visually-hidden" }, words.rules),
          build("ul", {}, build("li", { class: "seats" }, words[`seats_${trial.seats}`]), rule("apart"), rule("not_aboard"), rule("after"))),
        build("p", { class: "left" }, this.count, build("span", {}, words.left))),
      this.board, this.message, this.actions);
  }

  #draw(focusOn) {
    const { words, trial } = this;
    const far = trial.goods.filter((one) => !this.near.has(one) && !this.aboard.has(one));
    const near = trial.goods.filter((one) => this.near.has(one) && !this.aboard.has(one));
    // On a bank each good keeps its place, so that none slides under a finger that taps twice.
    const list = (place, goods, template, places = trial.goods) => place.things.replaceChildren(
      ...places.map((one) => (goods.includes(one) ? build("li", {}, this.#thing(one, template)) : build("li", { class: "thing-gap", "aria-hidden": "true" }))));
    list(this.farBank, far, "at_far");
    list(this.nearBank, near, "at_near");
    const aboard = trial.goods.filter((one) => this.aboard.has(one));
    list(this.boat, aboard, "aboard", aboard);
    this.water.classList.toggle("is-near", this.ferryNear);
    this.water.classList.toggle("is-far", !this.ferryNear);
    this.boat.element.setAttribute("aria-label", this.ferryNear ? words.ferry_near : words.ferry_far);
    this.crossing.textContent = this.aboard.size ? words.cross : words.cross_empty;
    this.count.textContent = String(this.left);
    if (focusOn) this.board.querySelector(`[data-thing="${focusOn}"]`)?.focus({ preventScroll: true });
  }

  #thing(one, template) {
    const reachable = this.here.has(one);
    const label = format(this.words[template], { thing: this.words[one] });
    return build("button", {
      type: "button", class: "thing", "data-thing": one, disabled: !reachable,
      "aria-label": label, "aria-pressed": String(this.aboard.has(one)), onclick: () => this.#toggle(one),
    }, drawing(one), build("span", {}, this.words[one]));
  }

  #tell(text, strong = false) {
    this.message.textContent = text;
    this.message.classList.toggle("is-strong", strong);
  }
}
