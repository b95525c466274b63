// Letters back: press when a letter equals the one so many places before.

import { build } from "./build.js";
import { frame, wait } from "./timing.js";
import { press, turn, when } from "./touch.js";

const LEAD_MS = 1200;

const buttons = new WeakMap(); // the place for answers -> its button, which stays for a whole round

export function about(trial, words) {
  return words[`level_${trial.level}`];
}

export async function play(trial, context) {
  const { words, answers } = context;
  if (!buttons.has(answers)) buttons.set(answers, sameButton(words.same, answers));
  const same = buttons.get(answers);
  const letter = build("p", { class: "letter", "aria-hidden": "true" });
  const note = build("p", { class: "muted letter-note" });
  answers.before(build("p", { class: "game-prompt" }, words[`level_${trial.level}`]), note, letter);
  same.element.classList.remove("is-chosen");
  if (context.first) await lead(trial, letter, note, words);

  let shown_at = Infinity;
  let pressedAt = null;
  // A press that began before the letter was seen belongs to none.
  const take = (at) => {
    if (pressedAt !== null || at < shown_at) return;
    pressedAt = at;
    same.element.classList.add("is-chosen");
  };
  const key = (event) => {
    if (event.key !== " " || event.repeat) return;
    event.preventDefault();
    take(when(event));
  };
  same.taken.by = take;
  turn(same.element, true);
  document.addEventListener("keydown", key);
  letter.textContent = trial.letter;
  shown_at = await context.shown();
  await wait(trial.show_ms);
  letter.textContent = "";
  while (performance.now() - shown_at < trial.pace_ms - 4) await frame();
  document.removeEventListener("keydown", key);
  // A finger that is still down pressed in time, though it is lifted when the next letter is there.
  if (same.heldSince() !== undefined) take(same.heldSince());
  same.taken.by = null;
  turn(same.element, false);
  return {
    response: pressedAt !== null,
    shown_at,
    response_ms: (pressedAt ?? shown_at + trial.pace_ms) - shown_at,
  };
}

function sameButton(label, place) {
  const taken = { by: null };
  const element = build("button", { type: "button", class: "choice choice-one", "aria-disabled": "true" }, label);
  const heldSince = press(element, (at) => taken.by?.(at));
  place.append(element);
  return { element, taken, heldSince };
}

// Before the first letter: time to get ready and, after an interruption, the letters before.
async function lead(trial, letter, note, words) {
  if (!trial.before.length) return wait(LEAD_MS);
  note.textContent = words.before;
  for (const before of trial.before) {
    letter.textContent = before;
    await wait(trial.show_ms);
    letter.textContent = "";
    await wait(trial.pace_ms - trial.show_ms);
  }
  note.textContent = "";
}

export const feedbackMs = 1100;

export function feedback(trial, played, words) {
  const right = played.response === trial.answer;
  if (right && !trial.answer) return null; // nothing to press, nothing pressed: on we go
  return { right, text: right ? words.hit : trial.answer ? words.miss : words.alarm };
}
