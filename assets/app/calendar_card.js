// How one post looks in the calendar: its picture, time, platforms, state and first words.
import { createElement as h } from "react";
import { ICONS, icon } from "./calendar_icons.js";

function thumb(entry, marked) {
  const words = { className: "cal-thumb words" };
  if (!entry.asset_id) return h("span", words, icon(ICONS.words, 14), marked ? mark(entry) : null);
  const gone = (event) => event.target.parentElement.classList.add("gone");
  const picture = { src: `/files/${entry.asset_id}/poster`, alt: "", loading: "lazy", draggable: false, onError: gone };
  return h("span", { className: "cal-thumb" }, h("img", picture), marked ? mark(entry) : null);
}

function glyphs(entry, marks) {
  const platforms = [...new Set(entry.accounts.map((account) => account.platform))];
  return h("span", { className: "cal-glyphs", "aria-hidden": true },
    platforms.slice(0, 3).map((name) =>
      h("span", { key: name, className: `glyph ${name}` },
        h("svg", { viewBox: "0 0 24 24" }, h("path", { d: marks[name] ?? marks.other, fill: "currentColor", fillRule: "evenodd" })))));
}

function mark(entry) {
  return ICONS[entry.state] && entry.state !== "scheduled"
    ? h("span", { className: "cal-mark" }, icon(ICONS[entry.state], 11))
    : null;
}

// The card's content for the view in which it stands.
export function card(found, words, marks, narrow) {
  const { entry, roomy } = found.event.extendedProps;
  if (!entry) return h("span", { className: "cal-card slim" }, found.event.title);
  const time = h("span", { className: "cal-time numbers" }, found.timeText);
  const title = h("span", { className: "cal-title plain" }, entry.title);
  const view = found.view.type;
  if (narrow && view === "dayGridMonth") return h("span", { className: "cal-card dot" });
  const isTall = view.startsWith("list") || view.startsWith("timeGrid") || roomy;
  if (!isTall) return h("div", { className: "cal-card slim" }, mark(entry) ?? thumb(entry, false), time, title, glyphs(entry, marks));
  const isList = view.startsWith("list");
  return h("div", { className: `cal-card tall ${isList ? "in-list" : ""}` },
    thumb(entry, true),
    h("div", { className: "cal-body" },
      h("div", { className: "cal-line" }, isList ? null : time, isList ? title : null, glyphs(entry, marks)),
      isList ? h("span", { className: `cal-state is-${entry.state}` }, words.states[entry.state]) : title));
}

// The same in words, for those who hear it.
export function describe(found, words) {
  const { entry } = found.event.extendedProps;
  return `${found.timeText}, ${entry.title}, ${words.states[entry.state]}`;
}
