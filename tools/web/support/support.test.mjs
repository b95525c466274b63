// Every script and style sheet of the product against the oldest browsers that docs/pages.md names.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ALLOWED, OLDEST, STAFF } from "./known.mjs";
import { inScript, ownMembers, parsed } from "./scripts.mjs";
import { inSheet } from "./sheets.mjs";

const ROOT = join(import.meta.dirname, "../../..");

function files(end) {
  return ["static", "static/games"].flatMap((folder) => readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith(end) && !name.endsWith(".min.js")) // htmx asks before it uses
    .map((name) => join(folder, name)));
}
const read = (name) => readFileSync(join(ROOT, name), "utf8");

// Lines to mend; what is allowed, and found, is taken out of `unused`.
function problems(found, allowed, unused) {
  return found.flatMap(({ what, where, lacking }) => {
    unused.delete(what);
    return what in allowed ? [] : [`${where}: ${what} is not in ${lacking.join(", ")}`];
  });
}

test("scripts use what the oldest browsers have, or ask for it first", () => {
  const trees = new Map(files(".js").map((name) => [name, parsed(read(name))]));
  const members = ownMembers(trees.values());
  const found = [...trees].flatMap(([name, tree]) =>
    inScript(tree, members).map((one) => ({ ...one, where: `${name}:${one.line}` })));
  const unused = new Set(Object.keys(ALLOWED.scripts));
  assert.deepEqual(problems(found, ALLOWED.scripts, unused), []);
  assert.deepEqual([...unused], [], "allowed, but used nowhere");
});

test("style sheets use what the oldest browsers have, or what costs only looks", () => {
  const found = files(".css").flatMap((name) => inSheet(read(name)).map((one) => ({ ...one, where: `${name}:${one.line}` })));
  const unused = new Set(Object.keys(ALLOWED.sheets));
  assert.deepEqual(problems(found, ALLOWED.sheets, unused), []);
  assert.deepEqual([...unused], [], "allowed, but used nowhere");
});

const NEW = {
  "AbortSignal.timeout(5)": "AbortSignal.timeout",
  "AbortSignal.any([])": "AbortSignal.any",
  "form.requestSubmit()": ".requestSubmit",
  "[].toSorted()": ".toSorted",
  "Promise.withResolvers()": "Promise.withResolvers",
  "part.checkVisibility()": ".checkVisibility",
  "requestIdleCallback(go)": "requestIdleCallback",
  "new URLPattern(path)": "URLPattern",
  "part.setAttribute('popover', '')": "[popover]",
  "part.closest('.card:has(input)')": ":has",
  "class A { static { go(); } }": "StaticBlock",
  "/(?<=a)b/": "(?<=",
};
for (const [text, what] of Object.entries(NEW)) {
  test(`${text} is found`, () => assert.deepEqual(inScript(parsed(text)).map((one) => one.what), [what]));
}

for (const text of [
  "AbortSignal.timeout?.(5)", "[].at(-1)", "crypto.randomUUID?.()", "const any = go(); any(1)", "words.popover", "dialog.showModal()",
  "part.setAttribute('inert', '')", "structuredClone({})", "a ??= b",
]) {
  test(`${text} is no trouble`, () => assert.deepEqual(inScript(parsed(text)), []));
}

test("a member that scripts give to their own objects is none of the browser's", () => {
  const tree = parsed("class A { toSorted() {} } new A().toSorted()");
  assert.deepEqual(inScript(tree, ownMembers([tree])), []);
});

test("style sheets: properties, values, rules and selectors are found, but not within @supports", () => {
  const css = "a:has(b) { scale: 2; height: 1dvh } @container (width > 1px) { a { & b { color: light-dark(red, blue) } } }";
  assert.deepEqual(inSheet(css).map((one) => one.what), [":has", "scale", "dvh", "@container", "&", "light-dark"]);
  assert.deepEqual(inSheet("@supports selector(:has(*)) { a:has(b) { scale: 2 } }"), []);
});

test("docs/pages.md names the same browsers", () => {
  const row = (who) => read("docs/pages.md").split("\n").find((line) => line.startsWith(`| ${who}`));
  const shown = ({ safari, chrome, firefox }, and = "") => [`Safari${and} ${safari}`, `Chrome and Edge ${chrome}`, `Firefox ${and ? "" : "ESR "}${firefox}`];
  for (const name of shown(OLDEST, " and iOS")) assert.ok(row("candidates").includes(name), name);
  for (const name of shown(STAFF)) assert.ok(row("recruiters and staff").includes(name), name);
});
