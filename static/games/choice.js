// Two large buttons, a time limit, and the keys that belong to them.

import { build } from "./build.js";
import { press, turn, when } from "./touch.js";

const rows = new WeakMap(); // the place for answers -> its buttons, which stay for a whole round

// options: [{ value, label, hint, keys }], left to right. The buttons are there at once and take
// answers from choose(trial) on, which resolves with what was chosen in time.
export function choices(options, context) {
  if (!rows.has(context.answers)) rows.set(context.answers, row(options, context.answers));
  const { buttons, taken } = rows.get(context.answers);
  return {
    choose: async (trial) => {
      const shown_at = await context.shown();
      return new Promise((resolve) => {
        const end = (result, response_ms) => {
          clearTimeout(timer);
          document.removeEventListener("keydown", key);
          taken.by = null;
          for (const one of buttons) turn(one, false);
          resolve({ ...result, shown_at, response_ms });
        };
        // A press that began before the card was seen is no answer to it.
        const take = (index, at) => at >= shown_at && end({ response: options[index].value }, at - shown_at);
        const key = (event) => {
          if (event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
          const index = options.findIndex(({ keys }) => keys.includes(event.key.toLowerCase()));
          if (index < 0) return;
          event.preventDefault();
          take(index, when(event));
        };
        const timer = setTimeout(() => end({ response: null, timed_out: true }, trial.limit_ms), trial.limit_ms);
        document.addEventListener("keydown", key);
        taken.by = take;
        for (const one of buttons) turn(one, true);
      });
    },
  };
}

function row(options, place) {
  const taken = { by: null };
  const buttons = options.map(({ label, hint }) => build("button", { type: "button", class: "choice", "aria-disabled": "true" },
    build("span", { class: "choice-label" }, label), hint ? build("span", { class: "choice-hint" }, hint) : null));
  buttons.forEach((one, index) => { press(one, (at) => taken.by?.(index, at)); });
  place.append(...buttons);
  return { buttons, taken };
}
