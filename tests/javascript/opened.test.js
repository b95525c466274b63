import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { happen, open, settled } from "./page.js";

let told;
let loads = 0;

// Loads the script on a page of this visibility, which names an address or none.
async function load(visibility, address = "/take/x/opened") {
  const named = { 'meta[name="opened-url"]': address, 'meta[name="csrf-token"]': "t0ken" };
  document.querySelector = (selector) => (named[selector] ? { content: named[selector] } : null);
  document.visibilityState = visibility;
  loads += 1;
  await import(`../../static/opened.js?${loads}`);
  await settled();
}

async function show() {
  document.visibilityState = "visible";
  happen(document, "visibilitychange");
  await settled();
}

beforeEach(() => {
  open();
  told = [];
  globalThis.fetch = async (url, options) => told.push([url, options]);
});

test("a page that is seen says so once", async () => {
  await load("visible");
  await show();
  assert.equal(told.length, 1);
  const [url, { method, headers }] = told[0];
  assert.deepEqual([url, method, headers], ["/take/x/opened", "POST", { "X-CSRFToken": "t0ken" }]);
});

test("a page that is loaded in advance says so when it is shown", async () => {
  await load("hidden");
  assert.equal(told.length, 0);
  await show();
  assert.equal(told.length, 1);
});

test("without a connection it is told the next time the page is shown", async () => {
  globalThis.fetch = async () => { throw new TypeError("no connection"); };
  await load("visible");
  globalThis.fetch = async (url) => told.push(url);
  await show();
  assert.deepEqual(told, ["/take/x/opened"]);
});

test("a page without an address tells nothing", async () => {
  await load("visible", "");
  assert.equal(told.length, 0);
});
