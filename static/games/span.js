// Digit span and block span: watch a sequence, then give it back.

import { build, button, format, svg } from "./build.js";
import { wait } from "./timing.js";
import { press, turn, when } from "./touch.js";

const LEAD_MS = 900;

export function about(trial, words) {
  const template = trial.backward ? words.part_backward : words.part_forward;
  return format(template, { length: trial.sequence.length });
}

export async function play(trial, context) {
  const board = trial.blocks ? blockBoard(trial, context) : digitBoard(context);
  context.answers.before(board.prompt, board.element, board.controls);
  board.tell(context.words.watch);
  await wait(LEAD_MS);
  for (const element of trial.sequence) {
    board.light(element, true);
    await wait(trial.show_ms);
    board.light(element, false);
    await wait(trial.gap_ms);
  }
  board.tell(trial.backward ? context.words.enter_backward : context.words.enter_forward);
  const shown_at = await context.shown();
  const { response, at } = await board.answer();
  return { response, shown_at, response_ms: at - shown_at };
}

export function feedback(trial, played, words) {
  const right = JSON.stringify(played.response) === JSON.stringify(trial.answer);
  return { right, text: right ? "" : format(words.answer, { answer: trial.answer.join(" ") }) };
}

// After a wrong path of blocks the right one lights up once more.
export async function explain(trial, played, { stage }) {
  if (!trial.blocks || JSON.stringify(played.response) === JSON.stringify(trial.answer)) return;
  for (const place of trial.answer) {
    const block = stage.querySelector(`[data-block="${place}"]`);
    block.classList.add("is-lit");
    await wait(trial.show_ms);
    block.classList.remove("is-lit");
    await wait(trial.gap_ms);
  }
}

function parts({ words, say }) {
  const prompt = build("p", { class: "game-prompt" });
  const tell = (text) => { prompt.textContent = text; say(text); };
  const erase = button(words.erase, "button-quiet", null, { disabled: true });
  const done = button(words.done, "button-primary", null, { disabled: true });
  const controls = build("div", { class: "game-actions" }, done, erase);
  return { prompt, tell, erase, done, controls };
}

// Collects presses of elements until Done: { give, answer }, answer being a promise of
// { response, at }: the list, and when Done was pressed.
// enter says whether the Enter key may finish, and is told of it.
function collect({ erase, done, controls }, { length, draw, enter, lock }) {
  const given = [];
  const update = () => {
    erase.disabled = !given.length;
    done.disabled = false;
    draw(given);
  };
  const give = (element) => {
    if (given.length < length) given.push(element);
    update();
  };
  const back = () => { given.pop(); update(); };
  const answer = new Promise((resolve) => {
    const finish = (event) => {
      document.removeEventListener("keydown", key);
      controls.hidden = true;
      lock();
      resolve({ response: given, at: when(event) });
    };
    const key = (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "Backspace") { event.preventDefault(); back(); }
      else if (event.key === "Enter" && enter(event) && given.length) { event.preventDefault(); finish(event); }
      else if (/^[1-9]$/.test(event.key)) give(Number(event.key));
    };
    erase.onclick = back;
    done.onclick = finish;
    document.addEventListener("keydown", key);
  });
  update();
  return { give, answer };
}

function digitBoard(context) {
  const { words } = context;
  const shared = parts(context);
  const screen = build("p", { class: "digit-screen", "aria-hidden": "true" });
  const slots = build("p", { class: "digit-slots" });
  const keys = build("div", { class: "digit-keys is-put-away" },
    [1, 2, 3, 4, 5, 6, 7, 8, 9].map((digit) => build("button", { type: "button", class: "digit-key" }, String(digit))));
  const element = build("div", { class: "digit-board" }, screen, slots, keys);
  shared.controls.classList.add("is-put-away");
  return {
    ...shared,
    element,
    light: (digit, on) => { screen.textContent = on ? digit : ""; },
    answer: () => {
      screen.classList.add("is-put-away");
      keys.classList.remove("is-put-away");
      shared.controls.classList.remove("is-put-away");
      const { give, answer } = collect(shared, {
        length: 9,
        draw: (digits) => {
          slots.replaceChildren(...digits.map((digit) => build("span", { class: "digit-slot" }, String(digit))));
          if (digits.length) context.say(format(words.entered, { count: digits.length }));
        },
        enter: (event) => !event.target.closest?.("button"),
        lock: () => { for (const key of keys.children) key.disabled = true; },
      });
      for (const key of keys.children) press(key, () => give(Number(key.textContent)));
      return answer;
    },
  };
}

function blockBoard(trial, context) {
  const { words } = context;
  const shared = parts(context);
  let collected = null; // while answering
  const blocks = trial.blocks.map(([x, y], index) => svg("g", {
    class: "block", role: "button", tabindex: "-1", "data-block": index + 1, "aria-disabled": "true",
    "aria-label": format(words.block, { number: index + 1 }), transform: `translate(${x} ${y})`,
  }, svg("rect", { x: -7.5, y: -7.5, width: 15, height: 15, rx: 2.5 })));
  const element = svg("svg", { class: "block-board", viewBox: "0 0 104 96", role: "group" }, blocks);
  const count = build("p", { class: "game-count", role: "status" });
  const pressed = (block) => {
    if (!collected) return;
    collected.give(Number(block.dataset.block));
    block.classList.add("is-pressed");
    setTimeout(() => block.classList.remove("is-pressed"), 180);
  };
  for (const block of blocks) press(block, () => pressed(block));
  element.addEventListener("keydown", (event) => {
    const block = event.target.closest(".block");
    if (block && !event.repeat && [" ", "Enter"].includes(event.key)) {
      event.preventDefault();
      pressed(block);
    } else if (block) move(event, blocks, trial.blocks);
  });
  shared.controls.classList.add("is-put-away");
  shared.controls.prepend(count);
  return {
    ...shared,
    element,
    light: (place, on) => blocks[place - 1].classList.toggle("is-lit", on),
    answer: () => {
      element.classList.add("is-open");
      shared.controls.classList.remove("is-put-away");
      for (const block of blocks) {
        block.setAttribute("tabindex", "0");
        turn(block, true);
      }
      collected = collect(shared, {
        length: 9,
        draw: (given) => { count.textContent = given.length ? format(words.entered, { count: given.length }) : ""; },
        enter: (event) => !event.target.closest?.(".block, button"),
        lock: () => {
          collected = null;
          element.classList.remove("is-open");
          for (const block of blocks) turn(block, false);
        },
      });
      return collected.answer;
    },
  };
}

// Arrow keys go to the nearest block in that direction.
function move(event, blocks, places) {
  const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const way = ways[event.key];
  const from = blocks.indexOf(event.target.closest(".block"));
  if (!way || from < 0) return;
  event.preventDefault();
  const [x, y] = places[from];
  let best = null;
  places.forEach(([otherX, otherY], index) => {
    const along = (otherX - x) * way[0] + (otherY - y) * way[1];
    const aside = Math.abs((otherX - x) * way[1]) + Math.abs((otherY - y) * way[0]);
    if (along > 0 && (!best || along + 2 * aside < best.cost)) best = { index, cost: along + 2 * aside };
  });
  if (best) blocks[best.index].focus();
}
