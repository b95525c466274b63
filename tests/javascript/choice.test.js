import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { choices } from "../../static/games/choice.js";
import { click, context, key, lift, open, outcome, tap, touch } from "./page.js";

const OPTIONS = [
  { value: "left", label: "Left", hint: "round", keys: ["arrowleft", "f"] },
  { value: "right", label: "Right", keys: ["arrowright", "j"] },
];
const TRIAL = { limit_ms: 3000 };

let page;
let game;

beforeEach(() => {
  page = open();
  game = context(page);
});

const buttons = () => page.answers.children;

// What is answered to a card that is shown a tenth of a second from now.
async function answered(act) {
  await page.clock.pass(100);
  return outcome(page.clock, choices(OPTIONS, game).choose(TRIAL), act);
}

test("a button gives its value and the time since the card was seen", async () => {
  const answer = await answered(async () => {
    await page.clock.pass(450);
    tap(buttons()[1]);
  });
  assert.deepEqual(answer, { response: "right", shown_at: 100, response_ms: 450 });
});

for (const [name, value] of [["ArrowLeft", "left"], ["F", "left"], ["ArrowRight", "right"], ["j", "right"]]) {
  test(`the key ${name} is ${value}`, async () => {
    const answer = await answered(async () => {
      await page.clock.pass(300);
      assert.equal(key(name).defaultPrevented, true);
    });
    assert.deepEqual(answer, { response: value, shown_at: 100, response_ms: 300 });
  });
}

test("other keys, held keys and shortcuts are no answer", async () => {
  const answer = await answered(async () => {
    assert.equal(key("x").defaultPrevented, false);
    key("f", { repeat: true });
    for (const modifier of ["ctrlKey", "metaKey", "altKey"]) key("f", { [modifier]: true });
  });
  assert.equal(answer.response, null);
});

test("no answer within the limit is none, and says so", async () => {
  const answer = await answered();
  assert.deepEqual(answer, { response: null, timed_out: true, shown_at: 100, response_ms: 3000 });
});

test("the first answer counts, and afterwards the buttons are off", async () => {
  const answer = await answered(async () => {
    key("f");
    key("j");
    tap(buttons()[1]);
  });
  assert.equal(answer.response, "left");
  assert.deepEqual(buttons().map((one) => one.getAttribute("aria-disabled")), ["true", "true"]);
});

test("a press that began before the card was seen is no answer to it", async () => {
  const answer = await answered(async () => {
    key("f", { timeStamp: 60 });
    await page.clock.pass(200);
    key("j");
  });
  assert.deepEqual([answer.response, answer.response_ms], ["right", 200]);
});

test("the time is that of the finger going down", async () => {
  const answer = await answered(async () => {
    await page.clock.pass(300);
    touch(buttons()[0]);
    await page.clock.pass(150);
    lift(buttons()[0]);
  });
  assert.deepEqual([answer.response, answer.response_ms], ["left", 300]);
});

test("assistive technology can click", async () => {
  const answer = await answered(async () => {
    await page.clock.pass(800);
    click(buttons()[0]);
  });
  assert.equal(answer.response, "left");
});

test("the buttons stay from card to card of a round", async () => {
  await answered(() => key("f"));
  const before = [...buttons()];
  const answer = await answered(() => tap(before[1]));
  assert.deepEqual(buttons(), before);
  assert.equal(answer.response, "right");
});
