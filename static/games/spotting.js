// Spotting: is the pennant you look for among these?

import { build, svg } from "./build.js";
import { choices } from "./choice.js";
import { wait } from "./timing.js";

const GAP_MS = 400;
const LOOK_MS = 1500;

export async function play(trial, context) {
  const { words } = context;
  const answers = choices([
    { value: "yes", label: words.yes, keys: ["arrowleft", "f"] },
    { value: "no", label: words.no, keys: ["arrowright", "j"] },
  ], context);
  const field = build("div", { class: "spot-field" });
  context.answers.before(build("div", { class: "spot-target" }, build("span", {}, words.find),
    svg("svg", { class: "spot-sample", viewBox: "0 0 40 40", "aria-hidden": "true" }, pennant(trial.target))), field);
  await wait(context.first ? LOOK_MS : GAP_MS);
  field.append(draw(trial.pennants));
  return answers.choose(trial);
}

function draw(pennants) {
  const side = Math.sqrt(pennants.length);
  const size = 40;
  return svg("svg", { class: "spot-pennants", viewBox: `0 0 ${side * size} ${side * size}`, "aria-hidden": "true" },
    pennants.map((one, index) => svg("g", { transform: `translate(${(index % side) * size} ${Math.floor(index / side) * size})` }, pennant(one))));
}

// A pole, a cloth with one of three tips, and one to three bars; flying to the right or the left.
const TIPS = [
  "M11 8 H25 L32 15 L25 22 H11 Z",
  "M11 8 H31 V22 H11 Z",
  "M11 8 H32 L26 15 L32 22 H11 Z",
];

function pennant({ side, tip, bars }) {
  const turned = side ? "translate(40 0) scale(-1 1)" : "";
  return svg("g", { class: "pennant", transform: turned },
    svg("path", { class: "pennant-pole", d: "M10 5 V36" }),
    svg("path", { class: "pennant-cloth", d: TIPS[tip] }),
    Array.from({ length: bars }, (_, index) => svg("path", { class: "pennant-bar", d: `M${14.5 + 4 * index} 8.8 V21.2` })));
}

export const feedbackMs = 1100;

export function feedback(trial, played, words) {
  const right = played.response === trial.answer;
  return { right, text: right ? "" : words[`was_${trial.answer}`] };
}
