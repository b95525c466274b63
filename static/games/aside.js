// While a round is played, nothing on the page but the game can be touched or reached by key. It
// all comes back between rounds: there a person may stop.

import { afterTaps } from "./touch.js";

export class Aside {
  constructor(host) {
    this.host = host;
    this.away = [];
    this.timer = 0;
  }

  putAway() {
    clearTimeout(this.timer);
    if (this.away.length) return;
    for (let one = this.host; one.parentElement && one !== document.body; one = one.parentElement) {
      this.away.push(...[...one.parentElement.children].filter((other) => other !== one && !other.hasAttribute("inert")));
    }
    for (const one of this.away) one.setAttribute("inert", "");
    document.documentElement.classList.add("game-playing");
  }

  bringBack() {
    clearTimeout(this.timer);
    if (!this.away.length) return;
    this.timer = afterTaps(() => {
      for (const one of this.away) one.removeAttribute("inert");
      this.away = [];
      document.documentElement.classList.remove("game-playing");
    });
  }
}
