import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { about, feedback, play } from "../../static/games/n_back.js";
import { context, happen, key, lift, open, outcome, touch, words } from "./page.js";

const TRIAL = { letter: "K", level: 2, show_ms: 500, pace_ms: 2500, before: [] };
const SHOWN_AT = 0;

let page;
let game;
let clock;

beforeEach(() => {
  page = open();
  clock = page.clock;
  game = context(page);
});

const same = () => page.answers.querySelector("button");
const letter = () => document.querySelector(".letter").textContent;

// What was played, act being what the person does from the letter on.
const played = (act, facts = {}) => outcome(clock, play({ ...TRIAL, ...facts }, game), act);

test("the level is said before a round", () => {
  assert.equal(about({ level: 3 }, words({ level_3: "Three back" })), "Three back");
});

for (const [answer, response, right, text] of [
  [true, true, true, "hit"], [true, false, false, "miss"], [false, true, false, "alarm"],
]) {
  test(`in practice, ${text} is ${right ? "right" : "wrong"}`, () => {
    assert.deepEqual(feedback({ answer }, { response }, words()), { right, text });
  });
}

test("in practice, nothing is said where nothing had to be pressed", () => {
  assert.equal(feedback({ answer: false }, { response: false }, words()), null);
});

test("no press is no response, and takes the whole pace", async () => {
  assert.deepEqual(await played(), { response: false, shown_at: SHOWN_AT, response_ms: 2500 });
});

test("the space bar says that the letter is the same", async () => {
  const result = await played(async () => {
    await clock.pass(640);
    assert.equal(key(" ").defaultPrevented, true);
  });
  assert.deepEqual(result, { response: true, shown_at: SHOWN_AT, response_ms: 640 });
});

test("the first press counts", async () => {
  const result = await played(async () => {
    await clock.pass(640);
    key(" ");
    await clock.pass(100);
    key(" ");
  });
  assert.equal(result.response_ms, 640);
});

test("other keys and a held space bar say nothing", async () => {
  const result = await played(async () => {
    key("Enter");
    key(" ", { repeat: true });
  });
  assert.equal(result.response, false);
});

test("a press counts after the letter has gone, until the next one", async () => {
  const result = await played(async () => {
    await clock.pass(2400);
    assert.equal(letter(), "");
    key(" ");
  });
  assert.deepEqual([result.response, result.response_ms], [true, 2400]);
});

test("a press while the letters before are shown belongs to no letter", async () => {
  game.first = true;
  const result = await played(async () => {
    await clock.pass(700);
    key(" ");
    touch(same());
    lift(same());
  }, { before: ["B", "T"] });
  assert.equal(result.response, false);
});

test("a press that was noticed before the letter is none, though it is told late", async () => {
  await clock.pass(1000);
  const result = await played(async () => {
    await clock.pass(50);
    key(" ", { timeStamp: 990 });
  });
  assert.equal(result.response, false);
});

test("a finger that is still down pressed in time", async () => {
  const result = await played(async () => {
    await clock.pass(2450);
    touch(same());
  });
  assert.deepEqual([result.response, result.response_ms], [true, 2450]);
});

test("a finger that was taken away by the system pressed nothing", async () => {
  const result = await played(async () => {
    touch(same());
    happen(same(), "pointercancel", { pointerId: 1 });
  });
  assert.equal(result.response, false);
});

test("the letter is seen for as long as the trial says", async () => {
  const seen = [];
  await played(async () => {
    seen.push(letter());
    await clock.pass(490);
    seen.push(letter());
    await clock.pass(20);
    seen.push(letter());
  });
  assert.deepEqual(seen, ["K", "K", ""]);
});

test("after an interruption the letters before come first, each at its pace", async () => {
  game.first = true;
  const seen = [];
  const result = await played(async () => {
    for (let step = 0; step < 3; step += 1) {
      seen.push(letter());
      await clock.pass(2496);
    }
  }, { before: ["B", "T"] });
  assert.deepEqual(seen, ["B", "T", "K"]);
  assert.equal(result.shown_at, 4992);
});

test("the button takes presses only while a letter is there to answer", async () => {
  const off = () => same().getAttribute("aria-disabled") === "true";
  await played(async () => assert.equal(off(), false));
  assert.equal(off(), true);
});
