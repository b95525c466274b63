import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Aside } from "../../static/games/aside.js";
import { build } from "../../static/games/build.js";
import { isOff, press, turn, when } from "../../static/games/touch.js";
import { click, happen, lift, open, tap, touch } from "./page.js";

let clock;
let button;
let presses; // the time of each
let heldSince;

beforeEach(async () => {
  clock = open().clock;
  button = build("button", {}, build("span", {}, "Yes"));
  document.documentElement.append(button);
  presses = [];
  heldSince = press(button, (at) => presses.push(at));
  await clock.pass(100);
});

test("an event was noticed when the device says, not when it is handled", () => {
  assert.equal(when({ timeStamp: 40 }), 40);
});

test("a device's time that cannot be is not believed", () => {
  assert.equal(when({ timeStamp: 0 }), 100);
  assert.equal(when({ timeStamp: 1700000000000 }), 100); // since 1970, as old browsers count
});

test("nor is one from a clock that stood still while the device slept", async () => {
  await clock.pass(3600000);
  assert.equal(when({ timeStamp: 100 }), 3600100);
  assert.equal(when({ timeStamp: 3598100 }), 3598100); // a slow handler
});

test("a press acts where the finger is lifted, with the time of going down", async () => {
  touch(button);
  await clock.pass(200);
  assert.deepEqual([presses, heldSince()], [[], 100]);
  lift(button, button.children[0]);
  assert.deepEqual([presses, heldSince()], [[100], undefined]);
});

test("a finger that slid off presses nothing", () => {
  touch(button);
  lift(button, document.documentElement);
  assert.deepEqual(presses, []);
});

test("the click that follows a finger acts no second time", async () => {
  tap(button);
  await clock.pass(300);
  click(button);
  assert.deepEqual(presses, [100]);
});

test("a click that no finger made acts", async () => {
  tap(button);
  await clock.pass(701);
  click(button);
  assert.deepEqual(presses, [100, 801]);
});

test("a key right after a finger acts", () => {
  tap(button);
  happen(button, "keydown");
  click(button);
  assert.deepEqual(presses, [100, 100]);
});

test("two fingers count each on its own", async () => {
  touch(button, 1);
  await clock.pass(50);
  touch(button, 2);
  lift(button, button, 2);
  lift(button, button, 1);
  assert.deepEqual(presses, [150, 100]);
});

test("other buttons of a mouse press nothing", () => {
  happen(button, "pointerdown", { button: 2, pointerId: 1 });
  lift(button);
  assert.deepEqual(presses, []);
});

test("a button that is off takes nothing, by finger or by click", async () => {
  turn(button, false);
  assert.equal(isOff(button), true);
  tap(button);
  await clock.pass(1000);
  click(button);
  assert.deepEqual(presses, []);
});

test("a button that was turned off under the finger takes nothing", () => {
  touch(button);
  turn(button, false);
  lift(button);
  turn(button, true);
  assert.deepEqual(presses, []);
});

test("while a round is played the rest of the page is inert, and then it is back", async () => {
  const [menu, game, closed] = [build("nav"), build("div"), build("dialog", { inert: true })];
  document.documentElement.append(menu, build("main", {}, build("h1"), game), closed);
  const aside = new Aside(game);
  const inert = () => document.querySelectorAll("[inert]").map((one) => one.name);
  aside.putAway();
  aside.putAway();
  assert.deepEqual(inert(), ["div", "button", "nav", "h1", "dialog"]);
  assert.equal(game.closest("[inert]"), null);
  aside.bringBack();
  await clock.pass(0);
  assert.deepEqual(inert(), ["dialog"]); // it was before
});
