// What a script uses that a browser of the policy lacks.

import { parse } from "acorn";
import { isOwner, ofAttribute, ofGlobal, ofMember, ofSelector, ofSyntax } from "./known.mjs";

const ATTRIBUTES = ["setAttribute", "toggleAttribute", "hasAttribute", "removeAttribute"];
const SELECTORS = ["querySelector", "querySelectorAll", "matches", "closest"];

export const parsed = (text) => parse(text, { ecmaVersion: "latest", sourceType: "module", locations: true });

// Names of members that scripts give to objects of their own.
export function ownMembers(trees) {
  const names = new Set();
  for (const tree of trees) {
    walk(tree, (node, parent) => {
      if (node.type === "Property" && parent.type === "ObjectExpression") names.add(node.key.name);
      if (["MethodDefinition", "PropertyDefinition"].includes(node.type)) names.add(node.key.name);
      if (node.type === "AssignmentExpression" && node.left.object?.type === "ThisExpression") names.add(node.left.property.name);
    });
  }
  return names;
}

// [{ what, line, lacking }] for what is used without being asked for first: `x.y?.()` is.
// `members`: names of members that scripts give themselves.
export function inScript(tree, members = new Set()) {
  const own = new Set();
  walk(tree, (node, parent, key) => { if (declares(node, parent, key)) own.add(node.name); });
  const found = [];
  walk(tree, (node, parent, key) => {
    for (const [what, lacking] of uses(node, parent, key, own)) {
      if (lacking.length && !members.has(what.slice(1))) found.push({ what, line: node.loc.start.line, lacking });
    }
  });
  return found;
}

function* uses(node, parent, key, own) {
  yield* syntax(node);
  if (node.type === "MemberExpression" && node.property.type === "Identifier" && !node.computed && !isData(node.object)) {
    const asked = parent.type === "CallExpression" && parent.optional && parent.callee === node;
    const { name } = node.property;
    const owner = node.object.type === "Identifier" && !own.has(node.object.name) && isOwner(node.object.name)
      ? node.object.name : undefined;
    if (!asked) yield [owner ? `${owner}.${name}` : `.${name}`, ofMember(owner, name)];
  }
  if (isReference(node, parent, key) && !own.has(node.name)) yield [node.name, ofGlobal(node.name)];
  if (node.type === "CallExpression") yield* texts(node);
}

function* syntax(node) {
  const { type, operator, regex } = node;
  yield [type, ofSyntax(type)];
  if (operator) yield [operator, ofSyntax(operator)];
  if (regex && /\(\?<[=!]/.test(regex.pattern)) yield ["(?<=", ofSyntax("(?<=")];
  if (regex?.flags.includes("v")) yield ["/v", ofSyntax("/v")];
}

// Attributes and selectors that are named in texts.
function* texts({ callee, arguments: [first] }) {
  const text = first?.type === "Literal" ? String(first.value) : first?.quasis?.map((one) => one.value.raw).join("");
  if (callee.type !== "MemberExpression" || !text) return;
  if (ATTRIBUTES.includes(callee.property.name)) yield [`[${text}]`, ofAttribute(text)];
  if (!SELECTORS.includes(callee.property.name)) return;
  for (const [, name] of text.matchAll(/::?([a-z-]+)/g)) yield [`:${name}`, ofSelector(name)];
}

// What a page or the server gives: x.dataset.y, words.y.
function isData(object) {
  const name = object.type === "MemberExpression" ? object.property.name : object.name;
  return ["dataset", "words", "trial", "state", "instrument"].includes(name);
}

function isReference(node, parent, key) {
  if (node.type !== "Identifier") return false;
  if (parent.type === "MemberExpression") return key === "object" || parent.computed;
  if (["Property", "MethodDefinition", "PropertyDefinition"].includes(parent.type)) return key === "value" || parent.computed;
  return true;
}

// Names that the script gives itself, wherever they count.
function declares(node, parent, key) {
  if (node.type !== "Identifier") return false;
  if (parent.type === "VariableDeclarator") return key === "id";
  if (/Function|Class/.test(parent.type)) return key === "id" || key === "params";
  if (["ArrayPattern", "RestElement", "CatchClause"].includes(parent.type)) return true;
  if (parent.type === "AssignmentPattern") return key === "left";
  if (parent.type === "Property") return key === "value" && parent.shorthand !== undefined && parent.inPattern;
  return /^Import.*Specifier$/.test(parent.type) && key === "local";
}

function walk(node, visit, parent = { type: "" }, key = "") {
  if (node.type === "ObjectPattern") for (const one of node.properties) one.inPattern = true;
  visit(node, parent, key);
  for (const [name, value] of Object.entries(node)) {
    for (const child of [value].flat()) if (child?.type && typeof child.type === "string") walk(child, visit, node, name);
  }
}
