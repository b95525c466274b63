// A page without a browser, and what a person does there.

import { FakeClock, settled } from "./clock.js";
import { FakeElement, FakeStorage } from "./elements.js";

export { settled };

// Opens an empty page in place of the last one, at 0 ms on its clock. Returns { clock, answers },
// answers being the place for answer buttons.
export function open() {
  const clock = new FakeClock();
  const page = new EventTarget();
  page.hidden = false;
  page.createElement = (name) => new FakeElement(name);
  page.createElementNS = (_space, name) => new FakeElement(name);
  page.documentElement = new FakeElement("html");
  page.querySelector = (selector) => page.documentElement.querySelector(selector);
  page.querySelectorAll = (selector) => page.documentElement.querySelectorAll(selector);
  page.elementFromPoint = (x) => x; // tests lift a finger at an element, not at a place
  globalThis.document = page;
  globalThis.window = new EventTarget();
  globalThis.localStorage = new FakeStorage();
  const answers = new FakeElement("div");
  page.documentElement.append(answers);
  return { clock, answers };
}

// --- What a person does ------------------------------------------------------

// An event at an element or the document, noticed now unless facts say when.
export function happen(target, type, facts = {}) {
  const event = new Event(type, { cancelable: true });
  for (const [name, value] of Object.entries({ timeStamp: performance.now(), ...facts })) {
    Object.defineProperty(event, name, { value });
  }
  target.dispatchEvent(event);
  target[`on${type}`]?.(event);
  return event;
}

// Presses a key while the focus is on an element: on none if it is left out.
export function key(name, facts = {}) {
  return happen(document, "keydown", { key: name, repeat: false, target: new FakeElement("body"), ...facts });
}

export function touch(element, pointerId = 1) {
  happen(element, "pointerdown", { button: 0, pointerId });
}

// Lifts the finger, over the element or over another.
export function lift(element, over = element, pointerId = 1) {
  happen(element, "pointerup", { pointerId, clientX: over, clientY: 0 });
}

export function tap(element) {
  touch(element);
  lift(element);
}

// A click that no pointer made: by a key or assistive technology.
export function click(element) {
  happen(element, "click", { detail: 0 });
}

// What a game's promise gives when a person acts once the game has begun, and time then goes by.
export async function outcome(clock, playing, act = () => {}) {
  await settled();
  await act();
  await clock.pass(70000);
  const late = settled().then(() => { throw new Error("It goes on after more than a minute."); });
  return Promise.race([playing, late]);
}

// The texts of a game: each is its own name unless a template is given.
export function words(templates = {}) {
  return new Proxy(templates, { get: (given, name) => given[name] ?? name });
}

// What the runner gives a game, with the list of what was said to screen readers.
export function context(page, facts = {}) {
  const said = [];
  return {
    answers: page.answers,
    stage: document.documentElement,
    words: words(),
    first: false,
    practice: false,
    say: (text) => said.push(text),
    shown: async () => performance.now(),
    draft: () => null,
    keepDraft() {},
    said,
    ...facts,
  };
}
