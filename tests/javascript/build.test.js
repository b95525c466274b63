import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { build, button, format, svg } from "../../static/games/build.js";
import { click, open } from "./page.js";

beforeEach(open);

test("a template takes its values by name", () => {
  assert.equal(format("Part {part} of {parts}", { part: 2, parts: 3 }), "Part 2 of 3");
  assert.equal(format("{n} and {n}", { n: 0 }), "0 and 0");
});

test("a name without a value stays as it is", () => {
  assert.equal(format("Part {part}", { parts: 3 }), "Part {part}");
});

test("values are not taken for templates themselves", () => {
  assert.equal(format("{a} {b}", { a: "{b}", b: "$&" }), "{b} $&");
});

test("an attribute is left out for null, undefined and false, and empty for true", () => {
  const element = build("input", { id: "a", title: null, lang: undefined, hidden: false, required: true, max: 0 });
  assert.deepEqual([...element.attributes], [["id", "a"], ["required", ""], ["max", "0"]]);
});

test("a function listens", () => {
  const presses = [];
  const element = build("button", { onclick: (event) => presses.push(event.type) });
  click(element);
  assert.deepEqual(presses, ["click"]);
  assert.equal(element.hasAttribute("onclick"), false);
});

test("children come in order, out of lists too, and missing ones are left out", () => {
  const element = build("p", {}, "a", null, ["b", undefined, build("b", {}, "c")], 0);
  assert.equal(element.textContent, "abc0");
});

test("text never becomes markup", () => {
  const element = build("p", {}, "<img src=x onerror=alert(1)>");
  assert.deepEqual(element.children, ["<img src=x onerror=alert(1)>"]);
});

test("a button does not send a form", () => {
  const element = button("Go on", "button-primary", null, { disabled: true });
  assert.deepEqual([element.getAttribute("type"), element.getAttribute("class")], ["button", "button button-primary"]);
  assert.equal(element.disabled, true);
});

test("drawings are made in SVG's namespace", (t) => {
  const made = t.mock.method(document, "createElementNS");
  svg("path", { d: "M0 0" });
  assert.deepEqual(made.mock.calls[0].arguments, ["http://www.w3.org/2000/svg", "path"]);
});
