// Presses by finger, mouse, key and assistive technology: each acts once, where it was meant.

const ECHO_MS = 700; // a click that belongs to a pointer comes this soon after it
const SETTLE_MS = 500; // longer than the gap within a double tap
const LATE_MS = 3000; // no handler runs later after its event
const PRESSABLE = "a, button, label, summary, select, input, [role=button]";

let byPointer = false; // what was used last: a pointer, or keys and whatever acts like them
let pressedOn; // what the pointer that is down, or was last, went down on

export const isOff = (element) => element.disabled || element.getAttribute("aria-disabled") === "true";

// Takes presses or does not. The element stays where it is and keeps the focus.
export function turn(element, on) {
  if (on) element.removeAttribute("aria-disabled");
  else element.setAttribute("aria-disabled", "true");
}

// When the device noticed the event, on the clock of performance.now(): a handler runs later, and
// on a slow phone much later. A time that is further away is from another clock, as in a browser
// whose device slept in between.
export function when(event) {
  const now = performance.now();
  const late = now - event.timeStamp;
  return event.timeStamp > 0 && late >= 0 && late < LATE_MS ? event.timeStamp : now;
}

// Calls act(time) where a finger or a mouse that went down on the element is lifted within it, and
// on a click that no pointer made (keys, assistive technology). The time is that of going down.
// Each finger counts on its own, which clicks alone would not: they know one pointer at a time.
// Returns a function that tells since when the element is held down, or undefined.
export function press(element, act) {
  const down = new Map(); // pointer -> when it went down
  let pointedAt = -Infinity;
  element.addEventListener("pointerdown", (event) => {
    pointedAt = event.timeStamp;
    if (event.button !== 0 || isOff(element)) return;
    down.set(event.pointerId, when(event));
    // However far it goes, the lift is told here.
    try { element.setPointerCapture(event.pointerId); } catch { /* it is gone already */ }
  });
  element.addEventListener("pointerup", (event) => {
    pointedAt = event.timeStamp;
    const at = down.get(event.pointerId);
    if (at === undefined || !down.delete(event.pointerId) || isOff(element)) return;
    if (element.contains(document.elementFromPoint(event.clientX, event.clientY))) act(at);
  });
  element.addEventListener("pointercancel", (event) => down.delete(event.pointerId));
  element.addEventListener("keydown", () => { pointedAt = -Infinity; });
  element.addEventListener("click", (event) => {
    if (event.timeStamp - pointedAt > ECHO_MS && !isOff(element)) act(when(event));
  });
  return () => down.values().next().value;
}

// What has just come up under a finger takes no press for a moment: a double tap must not go on
// to it. Keys need no such care, and end it.
export function settle(container) {
  if (!byPointer) return;
  const fresh = [...container.querySelectorAll("a, button")].filter((one) => !isOff(one));
  for (const one of fresh) {
    turn(one, false);
    one.classList.add("is-settling");
  }
  setTimeout(() => settled(fresh), SETTLE_MS);
}

function settled(elements) {
  for (const one of elements) {
    if (one.classList.contains("is-settling")) turn(one, true);
    one.classList.remove("is-settling");
  }
}

// Calls act once no second tap can follow on what was done before.
export function afterTaps(act) {
  return setTimeout(act, byPointer ? SETTLE_MS : 0);
}

// On the whole page: no click on what is off, none by a finger that went down on something else,
// and none that a key repeats because it is held.
export function guard() {
  const over = (event) => event.target.closest?.(PRESSABLE) ?? null;
  const stop = (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  document.addEventListener("pointerdown", (event) => {
    byPointer = true;
    pressedOn = over(event);
  }, true);
  document.addEventListener("pointercancel", () => { pressedOn = undefined; }, true);
  document.addEventListener("keydown", (event) => {
    byPointer = false;
    pressedOn = undefined;
    settled(document.querySelectorAll(".is-settling"));
    if (event.repeat && ["Enter", " "].includes(event.key) && over(event)) stop(event);
  }, true);
  document.addEventListener("click", (event) => {
    const on = over(event);
    const elsewhere = pressedOn !== undefined && pressedOn !== on;
    if (on && (isOff(on) || elsewhere)) stop(event);
    if (event.detail) pressedOn = undefined;
  }, true);
}
