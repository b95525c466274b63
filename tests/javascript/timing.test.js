import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { device, shown, wait, watchFocus } from "../../static/games/timing.js";
import { happen, open, settled } from "./page.js";

let clock;

beforeEach(() => {
  clock = open().clock;
});

// The time on the clock when a promise is done, which is given so many milliseconds.
async function when(promise, ms = 10000) {
  let at = null;
  promise.then(() => { at = performance.now(); });
  await clock.pass(ms);
  return at;
}

test("a wait ends at the frame nearest to it", async () => {
  assert.equal(await when(wait(100)), 96); // frames at 96 and 112
});

test("a wait does not end at a frame that is far too early", async () => {
  assert.equal(await when(wait(101)), 112);
});

test("no time is no wait", async () => {
  assert.equal(await when(wait(0), 0), 0);
});

test("a wait lasts until a hidden page is seen again", async () => {
  clock.frames = false;
  const waited = wait(100);
  assert.equal(await when(waited, 5000), null);
  clock.frames = true;
  assert.equal(await when(waited, 1), 5000);
});

test("what was drawn is shown at the next frame", async () => {
  await clock.pass(20);
  assert.equal(await when(shown()), 32);
});

test("leaving the window counts, and so does hiding the page", () => {
  const stop = watchFocus();
  happen(window, "blur");
  document.hidden = true;
  happen(document, "visibilitychange");
  assert.equal(stop(), 2);
});

test("coming back to the page does not count", () => {
  const stop = watchFocus();
  happen(document, "visibilitychange");
  happen(window, "focus");
  assert.equal(stop(), 0);
});

test("nothing counts once it was stopped", () => {
  const stop = watchFocus();
  happen(window, "blur");
  stop();
  happen(window, "blur");
  document.hidden = true;
  happen(document, "visibilitychange");
  assert.equal(stop(), 1);
});

function screen(coarse) {
  Object.assign(window, { devicePixelRatio: 2.6249, innerWidth: 412, innerHeight: 915 });
  window.matchMedia = (query) => ({ matches: coarse && query === "(pointer: coarse)" });
}

test("a device is told by its screen, pointer and refresh rate", async () => {
  screen(true);
  const told = device();
  await clock.pass(1000);
  assert.deepEqual(await told, {
    pixel_ratio: 2.62, refresh_hz: 63, pointer: "coarse", width: 412, height: 915, reduced_motion: false, // a frame in 16 ms
  });
});

test("one long frame does not change the refresh rate", async () => {
  screen(false);
  const told = device();
  await clock.pass(100);
  clock.frames = false;
  await clock.pass(500);
  clock.frames = true;
  await clock.pass(1000);
  assert.equal((await told).refresh_hz, 63);
});

test("a clock that stands still gives no refresh rate", async () => {
  screen(false);
  globalThis.requestAnimationFrame = (act) => setImmediate(act, 5);
  const told = device();
  await settled();
  assert.equal((await told).refresh_hz, null);
});
