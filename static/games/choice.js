// Two large buttons, a time limit, and the keys that belong to them.

import { build, quick } from "./build.js";

// options: [{ value, label, hint, keys }], left to right. Resolves with what was chosen in time.
export async function choose(options, trial, context) {
  const buttons = options.map(({ label, hint }) => build("button", { type: "button", class: "choice" },
    build("span", { class: "choice-label" }, label), hint ? build("span", { class: "choice-hint" }, hint) : null));
  context.stage.append(build("div", { class: "choices" }, buttons));
  const shown_at = await context.shown();
  return new Promise((resolve) => {
    const end = (result) => {
      clearTimeout(timer);
      document.removeEventListener("keydown", key);
      for (const one of buttons) one.disabled = true;
      resolve({ ...result, shown_at, response_ms: Math.min(performance.now() - shown_at, result.timed_out ? trial.limit_ms : Infinity) });
    };
    const key = (event) => {
      if (event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
      const chosen = options.find(({ keys }) => keys.includes(event.key.toLowerCase()));
      if (!chosen) return;
      event.preventDefault();
      end({ response: chosen.value });
    };
    const timer = setTimeout(() => end({ response: null, timed_out: true }), trial.limit_ms);
    document.addEventListener("keydown", key);
    buttons.forEach((one, index) => quick(one, () => end({ response: options[index].value })));
  });
}
