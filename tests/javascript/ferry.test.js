import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { play } from "../../static/games/ferry.js";
import { drawing } from "../../static/games/goods.js";
import { click, context, open, settled, words } from "./page.js";

const GOODS = ["lamp", "plant", "bell"];
const TRIAL = { goods: GOODS, seats: 2, budget: 6, apart: [], not_aboard: [], after: [] };
const WORDS = words({
  broken: "No: {rule}", apart: "{a} and {b} are alone", not_aboard: "{a} and {b} are aboard", after: "{a} goes after {b}",
});

let clock;
let drafts;

beforeEach(() => {
  clock = open().clock;
  drafts = [];
});

const one = (selector) => document.querySelector(selector);
const labelled = (label) => document.querySelectorAll("button").find((button) => button.textContent === label);
const message = () => one(".ferry-message").textContent;
const left = () => Number(one(".left-number").textContent);
const verdict = () => one(".game-verdict")?.textContent;
const bank = (kind) => one(`.bank-${kind}`).querySelectorAll(".thing").map((thing) => thing.getAttribute("data-thing"));

const lade = (...goods) => goods.forEach((good) => { click(one(`[data-thing="${good}"]`)); });
const cross = (...goods) => {
  lade(...goods);
  click(one(".game-actions").querySelector(".button-primary"));
};
const again = () => click(labelled("again"));

// Lays a puzzle out; what is returned resolves with the result once it is over.
async function begin(facts = {}, draft = null) {
  const game = context({ answers: one("div") }, { words: WORDS, draft: () => draft, keepDraft: (content) => drafts.push(content) });
  const playing = play({ ...TRIAL, ...facts }, game);
  await settled();
  return { playing };
}

test("goods go across and back with the ferry", async () => {
  await begin();
  cross("lamp", "plant");
  assert.deepEqual([bank("near"), bank("far"), bank("ferry")], [["bell"], ["lamp", "plant"], []]);
  cross("lamp");
  assert.deepEqual([bank("near"), bank("far")], [["lamp", "bell"], ["plant"]]);
  assert.deepEqual([message(), left()], ["crossed_near", 4]);
});

test("no more goods get aboard than there are seats", async () => {
  await begin();
  lade("lamp", "plant", "bell");
  assert.deepEqual([bank("ferry"), message()], [["lamp", "plant"], "full"]);
  lade("lamp", "bell");
  assert.deepEqual(bank("ferry"), ["plant", "bell"]);
});

test("goods on the other side cannot be reached", async () => {
  await begin();
  cross("lamp");
  const reachable = Object.fromEntries(GOODS.map((good) => [good, !one(`[data-thing="${good}"]`).disabled]));
  assert.deepEqual(reachable, { lamp: true, plant: false, bell: false });
});

test("two that must not be left alone are not left, on either side", async () => {
  await begin({ apart: [["lamp", "plant"]] });
  cross("bell");
  assert.deepEqual([message(), bank("far"), left()], ["No: lamp and plant are alone", [], 5]);
  click(one('[data-thing="bell"]'));
  cross("lamp", "plant");
  cross();
  assert.deepEqual([message(), left()], ["No: lamp and plant are alone", 3]);
});

test("two that must not be aboard together may stay together", async () => {
  await begin({ not_aboard: [["lamp", "plant"]] });
  cross("lamp", "plant");
  assert.equal(message(), "No: lamp and plant are aboard");
  lade("lamp", "plant");
  cross("bell");
  assert.deepEqual([message(), bank("far")], ["crossed_far", ["bell"]]);
});

test("what has to come after another waits until that one is across", async () => {
  await begin({ after: [["plant", "lamp"]] });
  cross("plant");
  assert.equal(message(), "No: plant goes after lamp");
  click(one('[data-thing="plant"]'));
  cross("lamp");
  cross();
  cross("plant");
  assert.deepEqual([message(), bank("far")], ["crossed_far", ["lamp", "plant"]]);
});

test("what has to come after another does not cross with it either", async () => {
  await begin({ after: [["plant", "lamp"]] });
  cross("lamp", "plant");
  assert.equal(message(), "No: plant goes after lamp");
});

test("on the way back nothing has to come after another", async () => {
  await begin({ after: [["plant", "lamp"]], budget: 9 });
  for (const load of [["lamp"], [], ["plant"], ["lamp"], []]) cross(...load);
  cross("plant");
  assert.deepEqual([message(), bank("near")], ["crossed_near", GOODS]);
});

test("a puzzle is solved when all are across, and says how", async () => {
  const { playing } = await begin();
  await clock.pass(3000);
  cross("lamp", "plant");
  cross("lamp");
  assert.equal(verdict(), undefined);
  cross("lamp", "bell");
  assert.equal(verdict(), "solved");
  click(labelled("next_item"));
  assert.deepEqual(await playing, { response: [["lamp", "plant"], ["lamp"], ["lamp", "bell"]], shown_at: 0, response_ms: 3000 });
});

test("it is over when no crossing is left; crossings that a rule forbade count too", async () => {
  await begin({ budget: 2, not_aboard: [["lamp", "plant"]] });
  cross("lamp", "plant");
  cross();
  assert.deepEqual([left(), verdict()], [0, "out"]);
});

test("starting again costs no crossing, and gives none back", async () => {
  const { playing } = await begin();
  cross("lamp");
  again();
  assert.deepEqual([bank("near"), bank("far"), left()], [GOODS, [], 5]);
  click(labelled("leave"));
  click(one(".button-danger"));
  assert.deepEqual((await playing).response, [["lamp"], null]);
});

test("each move is kept with the time that was spent", async () => {
  await begin();
  await clock.pass(2000);
  cross("lamp");
  await clock.pass(1000);
  again();
  assert.deepEqual(drafts.map(({ ms }) => ms), [2000, 3000]);
  assert.deepEqual(drafts.at(-1).moves, [["lamp"], null]);
});

test("a page that is loaded again goes on from the moves that were kept", async () => {
  const { playing } = await begin({ not_aboard: [["lamp", "plant"]] }, { moves: [["lamp", "plant"], ["bell"], [], ["lamp"]], ms: 9000 });
  assert.deepEqual([bank("near"), bank("far"), left()], [["plant"], ["lamp", "bell"], 2]);
  await clock.pass(500);
  cross();
  cross("plant");
  assert.equal(verdict(), "solved");
  click(labelled("next_item"));
  assert.equal((await playing).response_ms, 9500);
});

test("a page that is loaded again after the last crossing is over", async () => {
  await begin({ budget: 1 }, { moves: [["lamp"]], ms: 9000 });
  assert.equal(verdict(), "out");
});

test("no two goods look alike", () => {
  const goods = ["lamp", "plant", "bell", "crate", "barrel", "kite"]; // GOODS in eqsr/instruments/tasks/ferry.py
  const drawn = goods.map((good) => JSON.stringify(drawing(good).children.map((path) => path.getAttribute("d"))));
  assert.equal(new Set(drawn).size, 6);
  assert.equal(drawing("kite", "small").getAttribute("class"), "good small");
});
