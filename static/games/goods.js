// The six goods that cross the river, each with a shape of its own.

import { svg } from "./build.js";

const OUTLINES = {
  lamp: ["M11 6 h10 l4 11 h-18 z", "M16 17 v7", "M10 27 h12 l-2 -3 h-8 z"],
  plant: ["M10 19 h12 l-2 8 h-8 z", "M16 19 v-8", "M16 13 c-7 1 -8 -4 -8 -7 c5 0 8 2 8 7 z", "M16 11 c0 -5 3 -7 8 -7 c0 5 -2 8 -8 7 z"],
  bell: ["M7 22 c3 -3 2 -13 9 -13 c7 0 6 10 9 13 z", "M16 9 v-3", "M13 25 a3 3 0 0 0 6 0"],
  crate: ["M6 8 h20 v18 h-20 z", "M6 14 h20", "M6 20 h20", "M11 8 v18", "M21 8 v18"],
  barrel: ["M9 5 h14 c4 7 4 15 0 22 h-14 c-4 -7 -4 -15 0 -22 z", "M7 12 h18", "M7 20 h18"],
  kite: ["M16 4 l8 9 l-8 11 l-8 -11 z", "M16 4 v20", "M8 13 h16", "M16 24 c3 2 -2 3 1 5"],
};

export function drawing(name, size = "") {
  return svg("svg", { class: `good ${size}`, viewBox: "0 0 32 32", "aria-hidden": "true" },
    OUTLINES[name].map((d) => svg("path", { d })));
}
