// Changing rules: sort cards by shape or by filling, whichever the word says.

import { build, svg } from "./build.js";
import { choices } from "./choice.js";
import { wait } from "./timing.js";

const GAP_MS = 350;
const LEAD_MS = 700;

export async function play(trial, context) {
  const { words } = context;
  const sides = { shape: ["round", "square"], fill: ["full", "empty"] };
  const answers = choices([0, 1].map((side) => ({
    value: side ? "right" : "left",
    label: side ? words.right_side : words.left,
    hint: `${words[sides.shape[side]]} · ${words[sides.fill[side]]}`,
    keys: side ? ["arrowright", "j"] : ["arrowleft", "f"],
  })), context);
  const rule = build("p", { class: "rule-word", role: "status" }, " ");
  const card = build("div", { class: "card-place" });
  context.answers.before(rule, card);
  await wait(context.first ? LEAD_MS : GAP_MS);
  rule.textContent = words[trial.rule];
  card.append(draw(trial.card, words));
  return answers.choose(trial);
}

function draw({ shape, fill }, words) {
  const kind = `figure figure-${fill}`;
  return svg("svg", { class: "card-figure", viewBox: "0 0 100 100", role: "img", "aria-label": `${words[fill]}, ${words[shape]}` },
    shape === "round" ? svg("circle", { class: kind, cx: 50, cy: 50, r: 34 }) : svg("rect", { class: kind, x: 18, y: 18, width: 64, height: 64, rx: 3 }));
}

export const feedbackMs = 1100;

export function feedback(trial, played, words) {
  const right = played.response === trial.answer;
  return { right, text: right ? "" : words[`was_${trial.answer}`] };
}
