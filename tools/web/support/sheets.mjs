// What a style sheet uses that a browser of the policy lacks.

import { parse, walk } from "css-tree";
import { ofAtRule, ofDeclaration, ofSelector } from "./known.mjs";

// [{ what, line, lacking }]. What stands within @supports is asked for first.
export function inSheet(text) {
  const tree = parse(text, { positions: true });
  const found = [];
  const add = (what, node, lacking) => {
    if (lacking.length) found.push({ what, line: node.loc.start.line, lacking });
  };
  walk(tree, {
    enter(node) {
      if (node.type === "Atrule" && node.name === "supports") return this.skip;
      if (node.type === "Atrule") add(`@${node.name}`, node, ofAtRule(node.name));
      else if (/^Pseudo(Class|Element)Selector$/.test(node.type) && !node.name.startsWith("-")) add(`:${node.name}`, node, ofSelector(node.name));
      else if (node.type === "NestingSelector") add("&", node, ofSelector("nesting"));
      else if (node.type === "Declaration") {
        for (const [what, lacking] of ofDeclaration(node.property, words(node.value))) add(what, node, lacking);
      }
      return undefined;
    },
  });
  return found;
}

function words(value) {
  const found = [];
  walk(value, ({ type, name, unit }) => {
    if (["Identifier", "Function"].includes(type) && !name.startsWith("--")) found.push(name);
    if (type === "Dimension") found.push(unit);
  });
  return found;
}
