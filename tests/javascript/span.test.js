import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { about, explain, feedback, play } from "../../static/games/span.js";
import { context, happen, key, open, outcome, tap, words } from "./page.js";

const TRIAL = { sequence: [4, 7, 2], backward: false, show_ms: 700, gap_ms: 300 };
const BLOCKS = [[20, 20], [50, 20], [80, 22], [20, 50], [50, 55], [80, 80]];
const BLOCK_TRIAL = { ...TRIAL, sequence: [4, 6, 2], blocks: BLOCKS };
const WATCHED_MS = 4000; // the lead, and three digits with their gaps

let clock;
let game;

beforeEach(() => {
  const page = open();
  clock = page.clock;
  game = context(page);
});

const one = (selector) => document.querySelector(selector);
const buttons = () => one(".game-actions").querySelectorAll("button");
const done = () => happen(buttons()[0], "click");
const erase = () => happen(buttons()[1], "click");

// What is given back, act being what the person does once the sequence is over.
async function given(act, facts = {}) {
  return outcome(clock, play({ ...TRIAL, ...facts }, game), async () => {
    await clock.pass(WATCHED_MS);
    await act();
  });
}

test("how long the sequence is, and which way, is said before a round", () => {
  const said = words({ part_forward: "{length} forward", part_backward: "{length} backward" });
  assert.equal(about({ sequence: [1, 2, 3], backward: false }, said), "3 forward");
  assert.equal(about({ sequence: [1, 2, 3, 4], backward: true }, said), "4 backward");
});

for (const [response, right] of [[[2, 7, 4], true], [[4, 7, 2], false], [[2, 7], false], [[2, 7, 4, 4], false], [[], false]]) {
  test(`in practice, [${response}] for 2 7 4 is ${right ? "right" : "wrong"}`, () => {
    const found = feedback({ answer: [2, 7, 4] }, { response }, words({ answer: "It was {answer}." }));
    assert.deepEqual(found, { right, text: right ? "" : "It was 2 7 4." });
  });
}

test("digits are shown one after the other, with gaps between them", async () => {
  const seen = [];
  await outcome(clock, play(TRIAL, game), async () => {
    for (let step = 0; step < 8; step += 1) {
      await clock.pass(500);
      seen.push(one(".digit-screen").textContent);
    }
    done();
  });
  assert.deepEqual(seen, ["", "4", "4", "7", "7", "2", "2", ""]); // every half second
});

test("keys and buttons give digits, and Done ends", async () => {
  const result = await given(async () => {
    key("4");
    tap(document.querySelectorAll(".digit-key")[6]);
    await clock.pass(1000);
    key("2");
    done();
  });
  assert.deepEqual(result.response, [4, 7, 2]);
  assert.equal(Math.round(result.response_ms), WATCHED_MS + 1000 - result.shown_at);
});

test("Erase and the backspace key take the last digit back", async () => {
  const result = await given(async () => {
    for (const digit of "4799") key(digit);
    erase();
    assert.equal(key("Backspace").defaultPrevented, true);
    key("2");
    done();
  });
  assert.deepEqual(result.response, [4, 7, 2]);
});

test("nine digits are the most that can be given", async () => {
  const result = await given(async () => {
    for (const digit of "1234567891") key(digit);
    done();
  });
  assert.deepEqual(result.response, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test("zero, letters and shortcuts are no digits", async () => {
  const result = await given(async () => {
    for (const name of ["0", "a", "F1"]) key(name);
    key("5", { ctrlKey: true });
    done();
  });
  assert.deepEqual(result.response, []);
});

test("Enter ends when something was given, and not on a button", async () => {
  const result = await given(async () => {
    assert.equal(key("Enter").defaultPrevented, false);
    key("4");
    key("Enter", { target: buttons()[0] });
    key("7");
    assert.equal(key("Enter").defaultPrevented, true);
    key("9");
  });
  assert.deepEqual(result.response, [4, 7]);
});

test("what was pressed while the sequence was shown is not given", async () => {
  const result = await outcome(clock, play(TRIAL, game), async () => {
    key("9");
    await clock.pass(WATCHED_MS);
    key("4");
    done();
  });
  assert.deepEqual(result.response, [4]);
});

for (const backward of [false, true]) {
  test(`${backward ? "backward" : "forward"} is asked for once the sequence is over`, async () => {
    await given(done, { backward });
    assert.deepEqual(game.said, ["watch", backward ? "enter_backward" : "enter_forward"]);
  });
}

test("blocks give their numbers, and take none while they light up", async () => {
  const blocks = () => document.querySelectorAll(".block");
  const result = await outcome(clock, play(BLOCK_TRIAL, game), async () => {
    tap(blocks()[0]);
    await clock.pass(1000);
    assert.deepEqual(blocks().map((block) => block.classList.contains("is-lit")), [false, false, false, true, false, false]);
    await clock.pass(WATCHED_MS - 1000);
    for (const index of [3, 5, 1]) tap(blocks()[index]);
    done();
  });
  assert.deepEqual(result.response, [4, 6, 2]);
});

for (const [name, from, to] of [
  ["ArrowRight", 0, 1], ["ArrowLeft", 1, 0], ["ArrowDown", 0, 3], ["ArrowUp", 5, 2], ["ArrowRight", 2, null], ["a", 0, null],
]) {
  test(`${name} on block ${from + 1} goes to ${to === null ? "none" : `block ${to + 1}`}`, async () => {
    await given(async () => {
      const blocks = document.querySelectorAll(".block");
      happen(one(".block-board"), "keydown", { key: name, target: blocks[from] });
      assert.deepEqual(blocks.flatMap((block, index) => (block.focused ? [index] : [])), to === null ? [] : [to]);
      done();
    }, BLOCK_TRIAL);
  });
}

test("after a wrong path in practice, the right one lights up", async () => {
  const lit = [];
  await given(done, BLOCK_TRIAL);
  const trial = { ...BLOCK_TRIAL, answer: [2, 3] };
  const explained = explain(trial, { response: [3, 2] }, { stage: document.documentElement });
  for (let step = 0; step < 3; step += 1) {
    await clock.pass(step ? 1000 : 500);
    lit.push(document.querySelectorAll(".is-lit").map((block) => block.getAttribute("data-block")));
  }
  await explained;
  assert.deepEqual(lit, [["2"], ["3"], []]);
});
