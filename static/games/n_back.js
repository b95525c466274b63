// Letters back: press when a letter equals the one so many places before.

import { build, quick } from "./build.js";
import { frame, wait } from "./timing.js";

const LEAD_MS = 1200;

export function about(trial, words) {
  return words[`level_${trial.level}`];
}

export async function play(trial, context) {
  const { words, stage } = context;
  const letter = build("p", { class: "letter", "aria-hidden": "true" });
  const same = build("button", { type: "button", class: "choice choice-one" }, words.same);
  stage.append(build("p", { class: "game-prompt" }, words[`level_${trial.level}`]), letter, build("div", { class: "choices" }, same));
  if (context.first) await lead(trial, letter, context);

  let pressedAt = null;
  const press = () => {
    if (pressedAt !== null) return;
    pressedAt = performance.now();
    same.classList.add("is-chosen");
  };
  const key = (event) => {
    if (event.key !== " " || event.repeat) return;
    event.preventDefault();
    press();
  };
  quick(same, press);
  document.addEventListener("keydown", key);
  letter.textContent = trial.letter;
  const shown_at = await context.shown();
  await wait(trial.show_ms);
  letter.textContent = "";
  while (performance.now() - shown_at < trial.pace_ms - 4) await frame();
  document.removeEventListener("keydown", key);
  return {
    response: pressedAt !== null,
    shown_at,
    response_ms: (pressedAt ?? shown_at + trial.pace_ms) - shown_at,
  };
}

// Before the first letter: time to get ready and, after an interruption, the letters before.
async function lead(trial, letter, { stage, words }) {
  if (!trial.before.length) return wait(LEAD_MS);
  const note = build("p", { class: "muted" }, words.before);
  stage.insertBefore(note, letter);
  for (const before of trial.before) {
    letter.textContent = before;
    await wait(trial.show_ms);
    letter.textContent = "";
    await wait(trial.pace_ms - trial.show_ms);
  }
  note.remove();
}

export const feedbackMs = 1100;

export function feedback(trial, played, words) {
  const right = played.response === trial.answer;
  if (right && !trial.answer) return null; // nothing to press, nothing pressed: on we go
  return { right, text: right ? words.hit : trial.answer ? words.miss : words.alarm };
}
