// Spotting and switching: what the two buttons stand for, and what is drawn.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import * as spotting from "../../static/games/spotting.js";
import * as switching from "../../static/games/switching.js";
import { context, key, open, outcome, words } from "./page.js";

const SPOT = { limit_ms: 8000, target: { side: 0, tip: 1, bars: 2 }, pennants: [] };
const CARD = { limit_ms: 3000, rule: "fill", card: { shape: "square", fill: "full" } };

let page;
let clock;
let game;

beforeEach(() => {
  page = open();
  clock = page.clock;
  game = context(page);
});

for (const [play, trial, name, value] of [
  [spotting.play, SPOT, "f", "yes"], [spotting.play, SPOT, "ArrowRight", "no"],
  [switching.play, CARD, "ArrowLeft", "left"], [switching.play, CARD, "j", "right"],
]) {
  test(`${name} is ${value}, timed from when the picture is seen`, async () => {
    const result = await outcome(clock, play(trial, game), async () => {
      await clock.pass(1000);
      key(name);
    });
    assert.deepEqual([result.response, result.shown_at + result.response_ms], [value, 1000]);
    assert.equal(result.shown_at > 300, true); // a moment after the last answer
  });
}

for (const [play, trial, lead] of [[spotting.play, SPOT, 1500], [switching.play, CARD, 700]]) {
  test(`the first trial of a round begins after ${lead} ms`, async () => {
    game.first = true;
    const result = await outcome(clock, play(trial, game), async () => {
      await clock.pass(lead - 20);
      key("f"); // nothing is there to answer
      await clock.pass(40);
      key("j");
    });
    assert.equal(Math.abs(result.shown_at - lead) < 10, true);
    assert.equal(["no", "right"].includes(result.response), true);
  });
}

for (const { feedback } of [spotting, switching]) {
  test("in practice, a wrong answer names the right one", () => {
    assert.deepEqual(feedback({ answer: "left" }, { response: "left" }, words()), { right: true, text: "" });
    assert.deepEqual(feedback({ answer: "left" }, { response: "right" }, words()), { right: false, text: "was_left" });
    assert.equal(feedback({ answer: "left" }, { response: null }, words()).right, false);
  });
}

test("pennants stand in a square", async () => {
  const pennants = Array.from({ length: 9 }, (_, index) => ({ side: 0, tip: index % 3, bars: 1 + (index % 3) }));
  await outcome(clock, spotting.play({ ...SPOT, pennants }, game));
  const places = document.querySelector(".spot-pennants").children.map((one) => one.getAttribute("transform"));
  assert.deepEqual(places.slice(2, 5), ["translate(80 0)", "translate(0 40)", "translate(40 40)"]);
});

test("pennants that differ are drawn differently", async () => {
  const pennants = [];
  for (const side of [0, 1]) for (const tip of [0, 1, 2]) for (const bars of [1, 2, 3]) pennants.push({ side, tip, bars });
  await outcome(clock, spotting.play({ ...SPOT, pennants }, game));
  const drawn = document.querySelector(".spot-pennants").querySelectorAll(".pennant")
    .map((one) => JSON.stringify([one.getAttribute("transform"), one.children.map((part) => part.getAttribute("d"))]));
  assert.equal(new Set(drawn).size, 18);
});

test("the word says by what to sort, and the card is named by both", async () => {
  await outcome(clock, switching.play(CARD, game));
  assert.equal(document.querySelector(".rule-word").textContent, "fill");
  assert.equal(document.querySelector(".card-figure").getAttribute("aria-label"), "full, square");
  assert.equal(document.querySelectorAll("rect").length, 1);
});

test("each side takes one shape and one filling", async () => {
  await outcome(clock, switching.play(CARD, game));
  const hints = document.querySelectorAll(".choice-hint").map((one) => one.textContent);
  assert.deepEqual(hints, ["round · full", "square · empty"]);
});
