import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { feedback, play } from "../../static/games/matrix.js";
import { context, happen, key, open, outcome, tap, words } from "./page.js";

const WORDS = words({
  figure: "{count} {shape} {fill} {size} {frame}", option: "Answer {number}", was: "It was {number}.", time_left: "{seconds} seconds left",
  rule_sum: "{what} add up.", rule_constant: "{what} stay.", what_count: "Numbers", what_shape: "Shapes",
});
const figure = (facts = {}) => ({ shape: 0, count: 1, fill: 0, size: 1, frame: 0, ...facts });
const TRIAL = {
  limit_ms: 60000, cells: Array.from({ length: 8 }, () => figure()), options: Array.from({ length: 8 }, (_, shape) => figure({ shape: shape % 5 })),
};

let page;
let game;
let clock;

beforeEach(() => {
  page = open();
  clock = page.clock;
  game = context(page, { words: WORDS });
});

const answers = () => document.querySelectorAll(".answer");
const confirm = () => document.querySelector(".button-wide");
const pressed = () => answers().map((one) => one.getAttribute("aria-pressed")).indexOf("true");

const played = (act, facts = {}) => outcome(clock, play({ ...TRIAL, ...facts }, game), act);

test("an answer is what is chosen last and then confirmed", async () => {
  const result = await played(async () => {
    tap(answers()[2]);
    await clock.pass(1000);
    tap(answers()[5]);
    await clock.pass(1000);
    assert.equal(pressed(), 5);
    happen(confirm(), "click");
  });
  assert.deepEqual(result, { response: 5, shown_at: 0, response_ms: 2000 });
});

test("nothing can be confirmed before something is chosen", async () => {
  const result = await played(async () => {
    assert.equal(confirm().disabled, true);
    assert.equal(key("Enter").defaultPrevented, false);
    key("8");
    assert.equal(confirm().disabled, false);
  });
  assert.equal(result.response, null);
});

test("the keys 1 to 8 choose, and Enter confirms", async () => {
  const result = await played(async () => {
    key("9");
    key("0");
    assert.deepEqual([pressed(), confirm().disabled], [-1, true]);
    key("1");
    assert.equal(pressed(), 0);
    key("8");
    await clock.pass(700);
    assert.equal(key("Enter").defaultPrevented, true);
  });
  assert.deepEqual(result, { response: 7, shown_at: 0, response_ms: 700 });
});

test("Enter on a button presses that button, and confirms nothing", async () => {
  const result = await played(async () => {
    key("3");
    key("Enter", { target: answers()[0] });
  });
  assert.equal(result.timed_out, true);
});

test("shortcuts choose nothing", async () => {
  await played(async () => {
    for (const modifier of ["ctrlKey", "metaKey", "altKey"]) key("4", { [modifier]: true });
    assert.equal(pressed(), -1);
  });
});

test("when the time is over, what was chosen but not confirmed is no answer", async () => {
  const result = await played(async () => { key("4"); });
  assert.deepEqual(result, { response: null, timed_out: true, shown_at: 0, response_ms: 60000 });
  assert.deepEqual([...new Set(answers().map((one) => one.disabled))], [true]);
});

test("the last fifteen seconds are shown and said", async () => {
  const time = () => document.querySelector(".game-time");
  await played(async () => {
    await clock.pass(44750);
    assert.deepEqual([time().value, time().classList.contains("is-short"), game.said], [15250, false, []]);
    await clock.pass(500);
    assert.equal(time().classList.contains("is-short"), true);
    assert.equal(game.said[0], "15 seconds left");
  });
});

test("each option is named by its number and its figure", async () => {
  await played(async () => {
    assert.deepEqual(answers().map((one) => one.getAttribute("aria-label")).slice(0, 2), [
      "Answer 1: 1 shape_0 fill_0 size_1 frame_0", "Answer 2: 1 shape_1 fill_0 size_1 frame_0",
    ]);
    assert.equal(document.querySelectorAll("li").length, 9); // eight cells and the open one
  });
});

for (const count of [1, 2, 3, 4]) {
  test(`a figure of ${count} draws ${count}`, async () => {
    await played(async () => {
      assert.equal(answers()[0].querySelectorAll(".mark").length, count);
    }, { options: [figure({ count })] });
  });
}

test("figures that differ in one attribute are drawn differently", async () => {
  const options = [figure()];
  for (const shape of [1, 2, 3, 4]) options.push(figure({ shape }));
  for (const count of [2, 3, 4]) options.push(figure({ count }));
  for (const fill of [1, 2, 3]) options.push(figure({ fill }));
  for (const size of [0, 2]) options.push(figure({ size }));
  for (const frame of [1, 2]) options.push(figure({ frame }));
  await played(async () => {
    const drawn = answers().map((one) => JSON.stringify(one.querySelectorAll("path, circle, rect")
      .map((part) => [part.name, ...["d", "fill"].map((name) => part.getAttribute(name))])));
    assert.equal(new Set(drawn).size, options.length);
  }, { options });
});

test("in practice the rules are named, and after a wrong answer the right one", () => {
  const trial = { answer: 4, rules: { count: "sum", shape: "constant" } };
  assert.deepEqual(feedback(trial, { response: 4 }, WORDS), { right: true, text: "Numbers add up. Shapes stay." });
  assert.deepEqual(feedback(trial, { response: 0 }, WORDS), { right: false, text: "It was 5. Numbers add up. Shapes stay." });
});

test("in practice, no answer is not the first option", () => {
  assert.equal(feedback({ answer: 0, rules: {} }, { response: null }, WORDS).right, false);
});
