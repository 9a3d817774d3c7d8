// Two pictures of the same thing, one over the other, and a divider that is dragged or moved by keys.
import { createElement as h, useState } from "react";

export function Compare({ before, after, words }) {
  const [cut, setCut] = useState(50);
  return h(
    "div",
    { className: "compare", dir: "ltr", style: { "--cut": `${cut}%` } },
    h("img", { src: before, alt: words.before }),
    h("img", { src: after, alt: words.after, className: "after" }),
    h("span", { className: "compare-word" }, words.before),
    h("span", { className: "compare-word after" }, words.after),
    h("span", { className: "compare-line", "aria-hidden": true }),
    h("input", { type: "range", min: 0, max: 100, step: 0.5, value: cut, "aria-label": words.divider, onChange: (event) => setCut(Number(event.target.value)) }),
  );
}
