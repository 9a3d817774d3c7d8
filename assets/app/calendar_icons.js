// The few line icons that the calendar draws by itself.
import { createElement as h } from "react";

export const ICONS = {
  previous: "M15 18l-6-6 6-6",
  next: "M9 18l6-6-6-6",
  attention: "M12 8v5m0 3.500v.01M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z",
  published: "M5 13l4.500 4.500L19 7",
  publishing: "M12 19V5m0 0-6 6m6-6 6 6",
  draft: "M4 20l1-4L16 5l3 3L8 19l-4 1z",
  cancelled: "M6 6l12 12",
  words: "M5 7h14M5 12h14M5 17h8",
};

const LINES = {
  fill: "none",
  stroke: "currentColor",
  strokeWidth: 2,
  strokeLinecap: "round",
  strokeLinejoin: "round",
  "aria-hidden": true,
};

export function icon(path, size = 18) {
  return h("svg", { width: size, height: size, viewBox: "0 0 24 24", ...LINES }, h("path", { d: path }));
}
