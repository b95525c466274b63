import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { within } from "../../static/within.js";
import { open } from "./page.js";

const { AbortController } = globalThis;
const never = () => new Promise(() => {});
const text = (answer) => answer.text();

let clock;

beforeEach(() => {
  clock = open().clock;
});
afterEach(() => {
  globalThis.AbortController = AbortController;
});

test("an answer in time comes as it was read", async () => {
  globalThis.fetch = async (url, { method }) => ({ text: async () => `${method} ${url}` });
  assert.equal(await within(1000, "/state", { method: "GET" }, text), "GET /state");
  assert.equal(clock.due.size, 0);
});

test("a request is given up and aborted after so many milliseconds", async () => {
  let signal;
  globalThis.fetch = (_url, options) => {
    signal = options.signal;
    return never();
  };
  const asked = assert.rejects(within(1000, "/state", {}, text), /no answer within 1000 ms/);
  await clock.pass(999);
  assert.equal(signal.aborted, false);
  await clock.pass(1);
  await asked;
  assert.equal(signal.aborted, true);
});

test("an answer that does not end is given up too", async () => {
  globalThis.fetch = async () => ({ text: never });
  const asked = assert.rejects(within(1000, "/state", {}, text), /no answer/);
  await clock.pass(1000);
  await asked;
});

test("a request is given up in browsers that cannot abort", async () => {
  delete globalThis.AbortController;
  globalThis.fetch = never;
  const asked = assert.rejects(within(1000, "/state", {}, text), /no answer/);
  await clock.pass(1000);
  await asked;
});

test("no connection rejects at once", async () => {
  globalThis.fetch = async () => { throw new TypeError("no connection"); };
  await assert.rejects(within(1000, "/state", {}, text), /no connection/);
  assert.equal(clock.due.size, 0);
});
