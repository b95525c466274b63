// Which browsers know a function, a property or a rule: asked of MDN's compatibility data.

import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const data = require("@mdn/browser-compat-data");

export const { candidates: OLDEST, staff: STAFF, allowed: ALLOWED } = require("./browsers.json");

// Interfaces and built-in objects by name, each with its members.
const OBJECTS = { ...data.api, ...data.javascript.builtins, ...data.javascript.builtins.Intl };
const GLOBALS = { ...data.api.Window, ...data.javascript.builtins.globalThis, ...OBJECTS };
// The objects that scripts reach by a name of their own.
const INSTANCES = {
  window: "Window", document: "Document", navigator: "Navigator", performance: "Performance", crypto: "Crypto",
  history: "History", location: "Location", screen: "Screen", localStorage: "Storage", sessionStorage: "Storage",
};

// The browsers of the policy that lack what `compat` describes: ["safari 15.6", ...].
export function lacking(compat, oldest = OLDEST) {
  return Object.entries(oldest).filter(([browser, version]) => !has(compat.support[browser], version))
    .map((one) => one.join(" "));
}

function has(support, version) {
  return [support ?? []].flat().some((one) =>
    number(one.version_added) <= number(version) && !(number(one.version_removed) <= number(version))
      && !one.flags && !one.prefix && !one.alternative_name);
}

// 15.6 -> 15006; false and "preview" are no number, and so neither older nor newer.
function number(version) {
  const [major, minor = "0"] = String(version).replace("≤", "").split(".");
  return Number(major) * 1000 + Number(minor);
}

// What the best of several things of one name lacks: [] when any is known everywhere. A name alone
// does not tell whose it is, so a name that something old has passes.
function leastLacking(entries) {
  const found = entries.filter(Boolean).map((one) => one.__compat).filter(Boolean).map((one) => lacking(one));
  return found.sort((a, b) => a.length - b.length)[0] ?? [];
}

export const ofGlobal = (name) => (Object.hasOwn(GLOBALS, name) ? leastLacking([GLOBALS[name]]) : []);

// `owner` is the name before the dot where it is one that the browser gives, else undefined.
export function ofMember(owner, name) {
  const interfaceName = INSTANCES[owner] ?? owner;
  const own = OBJECTS[interfaceName];
  if (own && Object.hasOwn(own, `${name}_static`)) return leastLacking([own[`${name}_static`]]);
  if (own && Object.hasOwn(own, name)) return leastLacking([own[name]]);
  return leastLacking(Object.values(OBJECTS).map((one) => (Object.hasOwn(one, name) ? one[name] : null)));
}

export const isOwner = (name) => Object.hasOwn(OBJECTS, INSTANCES[name] ?? name);

export const ofAttribute = (name) => leastLacking([data.html.global_attributes[name]]);

export const ofSelector = (name) => leastLacking([data.css.selectors[name]]);

export const ofAtRule = (name) => leastLacking([data.css["at-rules"][name]]);

// A property, or what its value is made of: [what, browsers] of each.
export function ofDeclaration(property, words) {
  const known = data.css.properties[property];
  if (!known || property.startsWith("-")) return [];
  const whole = leastLacking([known]);
  if (whole.length) return [[property, whole]];
  return words.map((word) => (known[word] ? [`${property}: ${word}`, leastLacking([known[word]])] : [word, leastLacking([VALUES[word]])]));
}

// Functions and units that many properties take, by name.
const { color, length } = data.css.types;
const VALUES = {
  "color-mix": color["color-mix"], oklch: color.oklch, oklab: color.oklab, lab: color.lab, lch: color.lch, color: color.color,
  "light-dark": color["light-dark"], clamp: data.css.types.clamp, round: data.css.types.round, sin: data.css.types.sin,
  dvh: length.viewport_percentage_units_dynamic, svh: length.viewport_percentage_units_small,
  lvh: length.viewport_percentage_units_large, cqi: length.container_query_length_units,
  cqw: length.container_query_length_units, lh: length.lh, rlh: length.rlh, cap: length.cap,
};

// Syntax, by the name of what the parser finds.
const { classes, operators, regular_expressions: regexps } = data.javascript;
export const SYNTAX = {
  StaticBlock: classes.static.initialization_blocks,
  PrivateIdentifier: classes.private_class_fields,
  ChainExpression: operators.optional_chaining,
  "??": operators.nullish_coalescing,
  "??=": operators.nullish_coalescing_assignment,
  "||=": operators.logical_or_assignment,
  "&&=": operators.logical_and_assignment,
  "(?<=": regexps.lookbehind_assertion,
  "/v": regexps.mode_modifier ?? data.javascript.builtins.RegExp.unicodeSets,
};

export const ofSyntax = (name) => leastLacking([SYNTAX[name]]);
