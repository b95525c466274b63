// As much of the DOM as the games use: a tree of elements with attributes, text and listeners.

export class FakeElement extends EventTarget {
  constructor(name) {
    super();
    this.name = name;
    this.attributes = new Map();
    this.children = [];
    this.parentElement = null;
    this.focused = 0;
    this.classList = new ClassList(this);
    this.dataset = new Proxy({}, { get: (_, key) => this.getAttribute(`data-${key}`) ?? undefined });
  }

  getAttribute(name) { return this.attributes.get(name) ?? null; }
  setAttribute(name, value) { this.attributes.set(name, String(value)); }
  removeAttribute(name) { this.attributes.delete(name); }
  hasAttribute(name) { return this.attributes.has(name); }

  get disabled() { return this.hasAttribute("disabled"); }
  set disabled(on) {
    if (on) this.setAttribute("disabled", "");
    else this.removeAttribute("disabled");
  }

  get textContent() {
    return this.children.map((child) => (child instanceof FakeElement ? child.textContent : child)).join("");
  }
  set textContent(text) { this.replaceChildren(...(text === "" ? [] : [text])); }

  append(...children) {
    for (const child of children) {
      if (child instanceof FakeElement) child.parentElement = this;
      this.children.push(child instanceof FakeElement ? child : String(child));
    }
  }
  before(...siblings) {
    const all = this.parentElement.children;
    for (const one of siblings) one.parentElement = this.parentElement;
    all.splice(all.indexOf(this), 0, ...siblings);
  }
  after(...siblings) {
    const all = this.parentElement.children;
    for (const one of siblings) one.parentElement = this.parentElement;
    all.splice(all.indexOf(this) + 1, 0, ...siblings);
  }
  prepend(...children) {
    for (const child of children) child.parentElement = this;
    this.children.unshift(...children);
  }
  replaceChildren(...children) {
    this.children = [];
    this.append(...children);
  }
  remove() {
    const all = this.parentElement.children;
    all.splice(all.indexOf(this), 1);
    this.parentElement = null;
  }

  contains(other) {
    for (let one = other; one; one = one.parentElement) if (one === this) return true;
    return false;
  }
  // Knows lists of names, classes and attributes: 'button, .answer, [data-thing="lamp"]'.
  matches(selector) {
    if (/[\w\]]\s+[\w.[]/.test(selector)) throw new Error(`page.js does not know selectors like ${selector}`);
    return selector.split(",").some((part) => part.trim().match(/^[\w-]+|\.[\w-]+|\[[^\]]+\]/g).every((test) => {
      if (test.startsWith(".")) return this.classList.contains(test.slice(1));
      const [, name, value] = test.match(/^\[([\w-]+)(?:="?([^"\]]*)"?)?\]$/) ?? [];
      if (!name) return this.name === test;
      return value === undefined ? this.hasAttribute(name) : this.getAttribute(name) === value;
    }));
  }
  closest(selector) {
    return this.matches(selector) ? this : this.parentElement?.closest(selector) ?? null;
  }
  querySelectorAll(selector) {
    return this.children.filter((child) => child instanceof FakeElement)
      .flatMap((child) => [...(child.matches(selector) ? [child] : []), ...child.querySelectorAll(selector)]);
  }
  querySelector(selector) { return this.querySelectorAll(selector)[0] ?? null; }

  focus() { this.focused += 1; }
  setPointerCapture() {}
}

class ClassList {
  constructor(element) { this.element = element; }
  #names() { return new Set((this.element.getAttribute("class") ?? "").split(" ").filter(Boolean)); }
  contains(name) { return this.#names().has(name); }
  toggle(name, on = !this.contains(name)) {
    const names = this.#names();
    if (on) names.add(name);
    else names.delete(name);
    this.element.setAttribute("class", [...names].join(" "));
  }
  add(name) { this.toggle(name, true); }
  remove(name) { this.toggle(name, false); }
}

export class FakeStorage {
  constructor() { this.kept = new Map(); }
  getItem(key) { return this.kept.get(key) ?? null; }
  setItem(key, text) { this.kept.set(key, String(text)); }
  removeItem(key) { this.kept.delete(key); }
}
