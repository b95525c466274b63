// Time that passes only when a test says so.

import { mock } from "node:test";

const FRAME_MS = 16;

// Takes the place of performance.now(), timers and frames. Nothing happens unless pass() is called.
export class FakeClock {
  constructor() {
    this.now = 0;
    this.frames = true; // a hidden page gets none
    this.due = new Map(); // id -> { at, act, frame }
    this.last = 0;
    mock.restoreAll();
    mock.method(performance, "now", () => this.now);
    globalThis.setTimeout = (act, ms = 0, ...given) => this.#plan(this.now + ms, () => act(...given));
    globalThis.setInterval = (act, ms) => {
      const tick = () => {
        this.#plan(this.now + ms, tick, { id });
        act();
      };
      const id = this.#plan(this.now + ms, tick);
      return id;
    };
    globalThis.clearTimeout = globalThis.clearInterval = (id) => this.due.delete(id);
    globalThis.requestAnimationFrame = (act) => {
      const at = (Math.floor(this.now / FRAME_MS) + 1) * FRAME_MS;
      return this.#plan(at, () => act(this.now), { frame: true });
    };
  }

  #plan(at, act, { frame = false, id = ++this.last } = {}) {
    this.due.set(id, { at, act, frame });
    return id;
  }

  // What is due first: [id, { at, act }], or undefined.
  #first() {
    const possible = [...this.due].filter(([, { frame }]) => this.frames || !frame);
    return possible.sort(([, a], [, b]) => a.at - b.at)[0];
  }

  // Lets so many milliseconds pass: whatever falls due in them happens, in order.
  async pass(ms) {
    const end = this.now + ms;
    await settled();
    for (let first = this.#first(); first?.[1].at <= end; first = this.#first()) {
      const [id, { at, act }] = first;
      this.due.delete(id);
      this.now = Math.max(this.now, at);
      act();
      await settled();
    }
    this.now = end;
  }
}

// Resolves once no promise is left that could go on by itself.
export const settled = () => new Promise((resolve) => { setImmediate(resolve); });
