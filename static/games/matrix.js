// Patterns: choose the figure that completes three rows of three.

import { build, button, format, svg } from "./build.js";
import { press, when } from "./touch.js";

export async function play(trial, context) {
  const { words } = context;
  let chosen = null;
  const time = build("progress", { class: "game-time", max: trial.limit_ms, value: trial.limit_ms, "aria-hidden": "true" });
  const options = trial.options.map((figure, index) => build("button", {
    type: "button", class: "answer", "aria-pressed": "false", "aria-label": `${format(words.option, { number: index + 1 })}: ${inWords(figure, words)}`,
  }, cell(figure), build("span", { class: "answer-number", "aria-hidden": "true" }, String(index + 1))));
  const confirm = button(words.choose, "button-primary button-wide", null, { disabled: true });
  context.answers.before(
    patterns(), time,
    build("p", { class: "game-prompt" }, words.question),
    build("ol", { class: "pattern", "aria-label": words.pattern },
      trial.cells.map((figure) => build("li", { "aria-label": inWords(figure, words) }, cell(figure))),
      build("li", { class: "is-open", "aria-label": words.empty }, build("span", { "aria-hidden": "true" }, "?"))),
    build("div", { class: "answers", role: "group", "aria-label": words.answers }, options),
    confirm,
  );
  const shown_at = await context.shown();
  return new Promise((resolve) => {
    const end = (result, at) => {
      clearInterval(clock);
      document.removeEventListener("keydown", key);
      confirm.disabled = true;
      for (const option of options) option.disabled = true;
      confirm.hidden = true;
      resolve({ ...result, shown_at, response_ms: at - shown_at });
    };
    const choose = (index) => {
      chosen = index;
      confirm.disabled = false;
      options.forEach((option, other) => { option.setAttribute("aria-pressed", String(other === index)); });
    };
    const key = (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (/^[1-8]$/.test(event.key)) choose(Number(event.key) - 1);
      else if (event.key === "Enter" && chosen !== null && !event.target.closest("button")) {
        event.preventDefault(); // or the same key would also press what gets the focus next
        end({ response: chosen }, when(event));
      }
    };
    const clock = setInterval(() => {
      const left = trial.limit_ms - (performance.now() - shown_at);
      time.value = Math.max(0, left);
      time.classList.toggle("is-short", left < 15000);
      if (left <= 15000 && left > 14000) context.say(format(words.time_left, { seconds: 15 }));
      if (left <= 0) end({ response: null, timed_out: true }, performance.now());
    }, 250);
    options.forEach((option, index) => { press(option, () => choose(index)); });
    confirm.onclick = (event) => end({ response: chosen }, when(event));
    document.addEventListener("keydown", key);
  });
}

export function feedback(trial, played, words) {
  const right = played.response === trial.answer;
  const rules = Object.entries(trial.rules).map(([what, rule]) => format(words[`rule_${rule}`], { what: words[`what_${what}`] }));
  return { right, text: [...(right ? [] : [format(words.was, { number: trial.answer + 1 })]), ...rules].join(" ") };
}

export async function explain(trial, _played, { stage }) {
  stage.querySelectorAll(".answer")[trial.answer].classList.add("is-answer");
}

function inWords({ shape, count, fill, size, frame }, words) {
  return format(words.figure, {
    count, shape: words[`shape_${shape}`], fill: words[`fill_${fill}`], size: words[`size_${size}`], frame: words[`frame_${frame}`],
  });
}

// --- Drawing ---------------------------------------------------------------

const PLACES = {
  1: [[50, 50]],
  2: [[29, 50], [71, 50]],
  3: [[50, 29], [29, 69], [71, 69]],
  4: [[29, 29], [71, 29], [29, 71], [71, 71]],
};
const RADII = [8.5, 13, 18];

function cell({ shape, count, fill, size, frame }) {
  const frames = [null,
    svg("circle", { class: "frame", cx: 50, cy: 50, r: 48 }),
    svg("rect", { class: "frame", x: 2, y: 2, width: 96, height: 96 })];
  const pull = frame === 1 ? 0.86 : 1; // the corners of a round frame leave less room
  return svg("svg", { class: "cell", viewBox: "0 0 100 100", "aria-hidden": "true" }, frames[frame],
    PLACES[count].map(([x, y]) => svg("path", {
      class: `mark mark-${fill}`, d: outline(shape, 50 + (x - 50) * pull, 50 + (y - 50) * pull, RADII[size]),
      fill: ["none", "url(#hatch)", "url(#cross-hatch)", "currentColor"][fill],
    })));
}

function outline(shape, x, y, r) {
  const path = (points) => `M${points.map(([dx, dy]) => `${x + dx * r} ${y + dy * r}`).join(" L")} Z`;
  return [
    () => `M${x - r} ${y} a${r} ${r} 0 1 0 ${2 * r} 0 a${r} ${r} 0 1 0 ${-2 * r} 0 Z`,
    () => path([[-0.9, -0.9], [0.9, -0.9], [0.9, 0.9], [-0.9, 0.9]]),
    () => path([[0, -1.05], [1.05, 0.85], [-1.05, 0.85]]),
    () => path([[0, -1.2], [0.9, 0], [0, 1.2], [-0.9, 0]]),
    () => path([[-0.35, -1], [0.35, -1], [0.35, -0.35], [1, -0.35], [1, 0.35], [0.35, 0.35],
      [0.35, 1], [-0.35, 1], [-0.35, 0.35], [-1, 0.35], [-1, -0.35], [-0.35, -0.35]]),
  ][shape]();
}

function patterns() {
  const line = (d) => svg("path", { class: "hatch-line", d });
  return svg("svg", { class: "pattern-store", width: 0, height: 0, "aria-hidden": "true" }, svg("defs", {},
    svg("pattern", { id: "hatch", width: 7, height: 7, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" }, line("M0 0 V7")),
    svg("pattern", { id: "cross-hatch", width: 4.6, height: 4.6, patternUnits: "userSpaceOnUse" }, line("M0 0 H4.6 M0 0 V4.6"))));
}
