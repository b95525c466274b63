import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Closed, Outbox, Refused } from "../../static/games/outbox.js";
import { happen, open, settled } from "./page.js";

const ENDPOINT = "/take/t/tasks/span";
const KEY = `played ${ENDPOINT}`;

let clock;
let sent; // [address, posted content, at what time]
let answers; // what the server says next: a status, or null for no connection; 200 when used up
let told;

beforeEach(() => {
  clock = open().clock;
  sent = [];
  answers = [];
  told = [];
  globalThis.fetch = async (address, { body }) => {
    sent.push([address, body && JSON.parse(body), performance.now()]);
    const next = answers.length ? answers.shift() : 200;
    if (next === null) throw new TypeError("no connection");
    const [status, content] = Array.isArray(next) ? next : [next, {}];
    return { ok: status < 400, status, json: async () => content };
  };
});

const outbox = () => new Outbox(ENDPOINT, (what) => told.push(what));
const played = (number) => ({ trial_number: number });
const numbers = () => sent.map(([, { responses }]) => responses.map((one) => one.trial_number));
const times = () => sent.map(([, , at]) => at);
const kept = () => JSON.parse(localStorage.getItem(KEY) ?? "[]").map((one) => one.trial_number);

test("what was played is sent, and forgotten once it is with the server", async () => {
  const box = outbox();
  box.add(played(1));
  assert.deepEqual(kept(), [1]);
  await box.flushed();
  assert.deepEqual(sent, [[`${ENDPOINT}/trials`, { responses: [played(1)] }, 0]]);
  assert.deepEqual(told, ["saving", "saved"]);
  assert.equal(localStorage.getItem(KEY), null);
});

test("one batch is under way at a time, in the order of play, forty at most", async () => {
  const box = outbox();
  for (let number = 1; number <= 43; number += 1) box.add(played(number));
  await box.flushed();
  const rest = Array.from({ length: 40 }, (_, index) => index + 2);
  assert.deepEqual(numbers(), [[1], rest, [42, 43]]);
});

for (const trouble of [null, 408, 425, 429, 500, 503]) {
  test(`${trouble ?? "no connection"} is tried again with growing waits, and nothing is lost`, async () => {
    answers = Array(6).fill(trouble);
    const box = outbox();
    box.add(played(1));
    await clock.pass(43999);
    assert.deepEqual(times(), [0, 1000, 4000, 14000]);
    assert.deepEqual(kept(), [1]);
    assert.equal(told.at(-1), "offline");
    await clock.pass(60001);
    assert.deepEqual(times().slice(4), [44000, 74000, 104000]);
    assert.deepEqual(numbers(), Array(7).fill([1]));
    assert.deepEqual([kept(), told.at(-1)], [[], "saved"]);
  });
}

test("after an answer the waits begin anew", async () => {
  answers = [503, 503, 200, 503];
  const box = outbox();
  box.add(played(1));
  await clock.pass(4000);
  box.add(played(2));
  await clock.pass(1000);
  assert.deepEqual(times(), [0, 1000, 4000, 4000, 5000]);
});

test("a browser that is back online tries at once", async () => {
  answers = [null, null];
  const box = outbox();
  box.add(played(1));
  await clock.pass(1500);
  happen(window, "online");
  await settled();
  assert.deepEqual(times(), [0, 1000, 1500]);
  assert.deepEqual(kept(), []);
});

test("no answer within fifteen seconds is one more failure", async () => {
  const answering = globalThis.fetch;
  globalThis.fetch = (address, options) => {
    answering(address, options);
    return new Promise(() => {});
  };
  outbox().add(played(1));
  await clock.pass(15999);
  assert.deepEqual(times(), [0]);
  await clock.pass(1);
  assert.deepEqual(times(), [0, 16000]);
});

for (const status of [400, 422]) {
  test(`${status} drops what was not understood, and only that`, async () => {
    answers = [status];
    const box = outbox();
    box.add(played(1));
    box.add(played(2));
    await assert.rejects(box.flushed(), Refused);
    assert.deepEqual(kept(), [2]);
    await box.flushed();
    assert.deepEqual(numbers(), [[1], [2]]);
  });
}

for (const status of [401, 403, 404, 409, 410]) {
  test(`${status} ends the sitting with the server's sentence, and keeps what was played`, async () => {
    answers = [[status, { sentence: "The time is over." }]];
    const box = outbox();
    box.add(played(1));
    await assert.rejects(box.flushed(), (error) => error instanceof Closed && error.message === "The time is over.");
    assert.deepEqual([kept(), sent.length], [[1], 1]);
  });
}

test("an error page of something on the way, such as a hotel's login page, is no answer", async () => {
  const page = (status) => ({ ok: status < 400, status, json: async () => { throw new SyntaxError("<html>"); } });
  const answering = globalThis.fetch;
  const pages = [400, 401, 403, 404, 422, 511, 200].map(page);
  globalThis.fetch = (address, options) => (pages.length ? Promise.resolve(pages.shift()) : answering(address, options));
  const box = outbox();
  box.add(played(1));
  await clock.pass(140000);
  assert.deepEqual([pages.length, numbers(), kept(), told.at(-1)], [0, [[1]], [], "saved"]);
});

test("410 ends the sitting even without a sentence: everything was deleted", async () => {
  globalThis.fetch = async () => ({ ok: false, status: 410, json: async () => { throw new SyntaxError("<html>"); } });
  const box = outbox();
  box.add(played(1));
  await assert.rejects(box.flushed(), (error) => error instanceof Closed && error.message === "");
});

test("a page that is loaded again sends what was left", async () => {
  localStorage.setItem(KEY, JSON.stringify([played(3), played(4)]));
  const box = outbox();
  await box.flushed();
  assert.deepEqual([numbers(), kept()], [[[3, 4]], []]);
});

test("what was left comes before what is played now", async () => {
  localStorage.setItem(KEY, JSON.stringify([played(3)]));
  const box = outbox();
  box.add(played(4));
  await box.flushed();
  assert.deepEqual(numbers(), [[3, 4]]);
});

for (const junk of ["{", '{"trial_number": 1}', "null"]) {
  test(`${junk} in the storage is nothing that was played`, async () => {
    localStorage.setItem(KEY, junk);
    await outbox().flushed();
    assert.deepEqual(sent, []);
  });
}

test("without a storage everything is sent all the same", async () => {
  const off = () => { throw new Error("switched off"); };
  globalThis.localStorage = { getItem: off, setItem: off, removeItem: off };
  const box = outbox();
  box.add(played(1));
  await box.flushed();
  assert.deepEqual(numbers(), [[1]]);
});

test("a page that handed over sends nothing more and leaves what is kept to the next", async () => {
  answers = [503];
  const box = outbox();
  box.add(played(1));
  box.add(played(2));
  await settled();
  box.handOver();
  await clock.pass(60000);
  assert.deepEqual(numbers(), [[1], [1]]); // the request that was under way goes on
  assert.deepEqual(kept(), [1, 2]);
});

test("a question is repeated until there is an answer", async () => {
  answers = [500, null, [200, { finished: true }]];
  const asked = outbox().ask("state");
  await clock.pass(4000);
  assert.deepEqual(await asked, { finished: true });
  assert.deepEqual(sent.map(([address, body]) => [address, body]), Array(3).fill([`${ENDPOINT}/state`, undefined]));
  assert.deepEqual(told, ["offline", "offline"]);
});

test("only a post carries the page's token", async (t) => {
  const meta = document.createElement("meta");
  meta.setAttribute("name", "csrf-token");
  meta.content = "token";
  document.documentElement.append(meta);
  const fetched = t.mock.method(globalThis, "fetch");
  const box = outbox();
  await box.ask("state");
  await box.ask("finish", {});
  const [get, post] = fetched.mock.calls.map(({ arguments: [, options] }) => options);
  assert.deepEqual([get.method, get.headers["X-CSRFToken"]], ["GET", undefined]);
  assert.deepEqual([post.method, post.headers["X-CSRFToken"], post.headers["Content-Type"]], ["POST", "token", "application/json"]);
});
