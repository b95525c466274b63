// Making elements without HTML strings: nothing that is shown can become markup.

const SVG = "http://www.w3.org/2000/svg";

// build("button", { class: "button", type: "button", onclick: f }, "Text", child)
export function build(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

export function svg(name, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, name), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

export function button(text, kind, onclick, attributes = {}) {
  return build("button", { type: "button", class: `button ${kind}`, onclick, ...attributes }, text);
}

// "Part {part}" with { part: 2 } is "Part 2".
export function format(template, values) {
  return template.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}
