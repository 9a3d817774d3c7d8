// The calendar: FullCalendar with our toolbar, our cards and the workspace's own clock.
//
// All times are naive wall-clock times of the workspace's zone, given to FullCalendar as if they
// were UTC: so a card stands where that zone's clocks show it, whatever zone the browser is in,
// and what a person drags to is what the server is asked for.
import { Children, createElement as h, useCallback, useEffect, useMemo, useRef, useState } from "react";
import arabicLocale from "@fullcalendar/core/locales/ar";
import englishLocale from "@fullcalendar/core/locales/en-gb";
import dayGridPlugin from "@fullcalendar/daygrid";
import interactionPlugin, { Draggable } from "@fullcalendar/interaction";
import listPlugin from "@fullcalendar/list";
import FullCalendar from "@fullcalendar/react";
import timeGridPlugin from "@fullcalendar/timegrid";
import { card, describe } from "./calendar_card.js";
import { ICONS, icon } from "./calendar_icons.js";
import { useLanguage } from "./language.js";

const PLUGINS = [dayGridPlugin, timeGridPlugin, listPlugin, interactionPlugin];
const KEPT = "autosched_calendar";
const VIEWS = { month: "dayGridMonth", week: "timeGridWeek", list: "listMonth" };
const CLOCK = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
// Up to this many posts a day have room for a large picture each.
const roomy = () => (window.innerHeight >= 1100 ? 2 : 1);

const LOCALES = {
  en: { ...englishLocale, code: "en-GB" },
  // Latin digits, as everywhere in the app: times and counters keep their shape.
  ar: { ...arabicLocale, code: "ar-u-nu-latn-ca-gregory" },
};

function wallNow(zone) {
  const shape = { year: "numeric", month: "2-digit", day: "2-digit", ...CLOCK, second: "2-digit" };
  const format = (timeZone) => new Intl.DateTimeFormat("en-GB", { ...shape, timeZone }).formatToParts(new Date());
  let parts;
  try {
    parts = format(zone);
  } catch {
    parts = format("UTC");
  }
  const { year, month, day, hour, minute, second } = Object.fromEntries(parts.map((part) => [part.type, part.value]));
  return `${year}-${month}-${day}T${hour}:${minute}:${second}`;
}

// The reader's own first day of the week, where the browser knows it for this language.
function weekStart(language) {
  const own = (navigator.languages ?? []).find((tag) => tag.startsWith(language));
  try {
    const locale = new Intl.Locale(own ?? language);
    const week = locale.getWeekInfo?.() ?? locale.weekInfo;
    if (own && week) return week.firstDay % 7;
  } catch {
    // an older browser: the language's usual week
  }
  return language === "ar" ? 6 : 1;
}

// A day without a time becomes an hour at which people look: the evening, or today the next hour.
function withTime(text, zone) {
  if (text.length > 10) return text.slice(0, 16);
  const now = wallNow(zone);
  if (text !== now.slice(0, 10)) return `${text}T18:00`;
  const hour = Math.min(Number(now.slice(11, 13)) + 1, 23);
  return `${text}T${String(hour).padStart(2, "0")}:${hour === 23 ? "59" : "00"}`;
}

function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT)) ?? {};
  } catch {
    return {};
  }
}

function useNarrow() {
  const query = "(max-width: 760px)";
  const [narrow, setNarrow] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const list = matchMedia(query);
    const tell = () => setNarrow(list.matches);
    list.addEventListener("change", tell);
    return () => list.removeEventListener("change", tell);
  }, []);
  return narrow;
}

// A view begins where its day begins, wherever the one before was scrolled to.
const MORNING = "05:45:00";
function settle(view) {
  window.scrollTo({ top: 0 });
  if (view.type.startsWith("timeGrid")) requestAnimationFrame(() => view.calendar.scrollToTime(MORNING));
}

// FullCalendar keeps its list of a full day inside the window sideways only.
function keepInside() {
  const list = document.querySelector(".fc-popover");
  if (!list) return;
  const over = list.getBoundingClientRect().bottom - window.innerHeight + 12;
  if (over > 0) list.style.top = `${list.offsetTop - over}px`;
}

function hijri(language, options) {
  return new Intl.DateTimeFormat(`${language === "ar" ? "ar" : "en"}-u-ca-islamic-umalqura-nu-latn`, {
    timeZone: "UTC",
    ...options,
  });
}

// "Rajab – Shaʻban 1447" for the days that a view shows.
function hijriSpan(start, end, language) {
  const parts = (date) => {
    const found = Object.fromEntries(
      hijri(language, { month: "long", year: "numeric" }).formatToParts(date).map((part) => [part.type, part.value]),
    );
    return [found.month, found.relatedYear ?? found.year];
  };
  const [firstMonth, firstYear] = parts(start);
  const [lastMonth, lastYear] = parts(new Date(end.getTime() - 1));
  if (firstMonth === lastMonth) return `${firstMonth} ${firstYear}`;
  return firstYear === lastYear
    ? `${firstMonth} – ${lastMonth} ${lastYear}`
    : `${firstMonth} ${firstYear} – ${lastMonth} ${lastYear}`;
}

function Segment({ chosen, label, onClick, name }) {
  const state = { role: "radio", "aria-checked": chosen ? "true" : "false" };
  return h("button", { type: "button", className: "segment", onClick, "data-view": name, ...state }, label);
}

function Toolbar({ title, words, view, narrow, loading, onMove, onView, tools }) {
  const step = (name, label, to) =>
    h("button", { type: "button", className: "icon-button", "aria-label": label, "data-tip": label, onClick: () => onMove(to) },
      h("span", { className: "turns" }, icon(ICONS[name])));
  const views = narrow ? ["list", "month"] : ["month", "week", "list"];
  return h("header", { className: "calendar-head" },
    h("div", { className: "calendar-title" },
      h("h1", { className: "display" }, title.text),
      h("p", { className: "calendar-hijri", "aria-hidden": true }, title.hijri)),
    h("div", { className: "calendar-steps" },
      step("previous", words.previous, "prev"),
      h("button", { type: "button", className: "button quiet small", onClick: () => onMove("today") }, words.today),
      step("next", words.next, "next"),
      h("span", { className: `calendar-busy ${loading ? "on" : ""}`, "aria-hidden": true }, h("span", { className: "spinner" }))),
    h("div", { className: "calendar-tools" }, tools),
    h("div", { className: "segments", role: "radiogroup", "aria-label": words.view },
      views.map((name) =>
        h(Segment, { key: name, name, label: words[name], chosen: view === VIEWS[name], onClick: () => onView(VIEWS[name]) }))));
}

// It waits for the workspace's zone: what “now” and “today” are must be right from the start.
export function PostCalendar(props) {
  return props.ready ? h(Board, { key: props.zone, ...props }) : null;
}

function Board(props) {
  const { entries = [], revision = 0, zone = "UTC", words, marks, mayEdit = false, loading = false } = props;
  const { onlyAccounts = [], onlyStates = [], onRange, onOpen, onMove, onPlace, onSlot } = props;
  const [tools, tray] = Children.toArray(props.children);
  const language = useLanguage() === "ar" ? "ar" : "en";
  const narrow = useNarrow();
  const calendar = useRef(null);
  const root = useRef(null);
  const trayBox = useRef(null);
  const first = useMemo(() => {
    const { view, date } = kept();
    const asked = new URLSearchParams(location.search).get("date");
    const fits = Object.values(VIEWS).includes(view) && !(narrow && view === VIEWS.week);
    return { view: fits ? view : narrow ? VIEWS.list : VIEWS.month, date: asked || date };
  }, []);
  const [view, setView] = useState(first.view);
  const [title, setTitle] = useState({ text: "", hijri: "" });
  // Where cards were dropped, until the server has said what became of it (`revision`).
  const pending = useRef({ revision, walls: {} });

  const shown = useMemo(() => {
    if (pending.current.revision !== revision) pending.current = { revision, walls: {} };
    const { walls } = pending.current;
    const fits = (entry) =>
      (!onlyStates.length || onlyStates.includes(entry.state)) &&
      (!onlyAccounts.length || entry.accounts.some((account) => onlyAccounts.includes(account.id)));
    const found = entries.filter((entry) => entry.wall && fits(entry));
    const placed = found.map((entry) => ({ ...entry, wall: walls[entry.id] ?? entry.wall }));
    const days = {};
    for (const entry of placed) days[entry.wall.slice(0, 10)] = (days[entry.wall.slice(0, 10)] ?? 0) + 1;
    return placed.map((entry) => ({
      id: entry.id,
      title: entry.title,
      start: entry.wall,
      editable: mayEdit,
      classNames: [`is-${entry.state}`],
      extendedProps: { entry, roomy: days[entry.wall.slice(0, 10)] <= roomy() },
    }));
  }, [entries, onlyAccounts, onlyStates, revision, mayEdit]);

  const api = () => calendar.current?.getApi();
  const go = useCallback((to) => api()?.[to](), []);
  const change = useCallback((to, date) => api()?.changeView(to, date), []);

  const datesSet = useCallback(
    (found) => {
      const date = found.view.calendar.getDate().toISOString().slice(0, 10);
      sessionStorage.setItem(KEPT, JSON.stringify({ view: found.view.type, date }));
      setView((before) => {
        if (before !== found.view.type) setTimeout(settle, 0, found.view);
        return found.view.type;
      });
      setTitle({ text: found.view.title, hijri: hijriSpan(found.view.currentStart, found.view.currentEnd, language) });
      onRange(found.startStr.slice(0, 19), found.endStr.slice(0, 19));
    },
    [language, onRange],
  );

  const dropped = useCallback(
    (found) => {
      const wall = found.event.start.toISOString().slice(0, 19);
      pending.current.walls[found.event.id] = wall;
      onMove(found.event.id, wall);
    },
    [onMove],
  );

  const picked = useCallback(
    (found) => {
      if (narrow && found.view.type === VIEWS.month) return change("listDay", found.dateStr.slice(0, 10));
      if (mayEdit) onSlot(withTime(found.dateStr, zone));
      return undefined;
    },
    [narrow, mayEdit, zone, onSlot],
  );

  useEffect(() => {
    if (!trayBox.current || !mayEdit) return undefined;
    const draggable = new Draggable(trayBox.current, {
      itemSelector: "[data-post]",
      eventData: (element) => ({ title: element.textContent, duration: "01:00", create: false }),
    });
    return () => draggable.destroy();
  }, [mayEdit]);

  useEffect(() => {
    const keys = { t: () => go("today"), m: () => change(VIEWS.month), w: () => narrow || change(VIEWS.week), l: () => change(VIEWS.list) };
    const forward = language === "ar" ? "ArrowLeft" : "ArrowRight";
    const back = language === "ar" ? "ArrowRight" : "ArrowLeft";
    const pressed = (event) => {
      const busy = event.target.closest?.("input, textarea, select, [contenteditable=true], [role=dialog], [role=menu], [role=radiogroup], .segments");
      if (busy || event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented) return;
      if (event.key === forward) go("next");
      else if (event.key === back) go("prev");
      else keys[event.key]?.();
    };
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  }, [language, narrow]);

  // FullCalendar measures itself on window resizes only; the rail and the tray change our width too.
  useEffect(() => {
    const watch = new ResizeObserver(() => requestAnimationFrame(() => api()?.updateSize()));
    watch.observe(root.current);
    return () => watch.disconnect();
  }, []);

  // A list begins at today, when the days before it have posts too.
  const found = useRef("");
  useEffect(() => {
    const range = `${view} ${title.text}`;
    if (!view.startsWith("list") || !shown.length || found.current === range) return;
    found.current = range;
    const today = wallNow(zone).slice(0, 10);
    setTimeout(() => {
      const days = [...(root.current?.querySelectorAll(".fc-list-day") ?? [])];
      const next = days.findIndex((day) => day.dataset.date >= today);
      if (next > 0) days[next].scrollIntoView({ block: "start" });
    }, 60);
  }, [view, title.text, shown]);

  const dayNumber = useMemo(() => hijri(language, { day: "numeric" }), [language]);
  const isList = view.startsWith("list");
  return h("div", { className: "calendar", ref: root, "data-view": view },
    h(Toolbar, { title, words, view, narrow, loading, tools, onMove: go, onView: change }),
    h("div", { className: "calendar-body" },
      h("div", { className: "calendar-board" },
        h(FullCalendar, {
          ref: calendar,
          plugins: PLUGINS,
          initialView: first.view,
          initialDate: first.date ?? wallNow(zone).slice(0, 10),
          timeZone: "UTC",
          now: () => wallNow(zone),
          locale: LOCALES[language],
          direction: language === "ar" ? "rtl" : "ltr",
          firstDay: weekStart(language),
          headerToolbar: false,
          height: isList || narrow ? "auto" : "100%",
          expandRows: true,
          fixedWeekCount: false,
          dayMaxEvents: narrow ? 3 : true,
          eventMaxStack: 2,
          nowIndicator: true,
          allDaySlot: false,
          slotEventOverlap: false,
          slotDuration: "00:30:00",
          snapDuration: "00:15:00",
          scrollTime: MORNING,
          slotLabelFormat: CLOCK,
          eventTimeFormat: CLOCK,
          displayEventEnd: false,
          defaultTimedEventDuration: "01:00",
          forceEventDuration: true,
          eventDurationEditable: false,
          eventDisplay: "block",
          eventInteractive: true,
          eventOrder: "start,id",
          dragRevertDuration: 220,
          longPressDelay: 350,
          droppable: mayEdit,
          views: {
            dayGridMonth: { dayHeaderFormat: { weekday: "short" } },
            timeGridWeek: { dayHeaderFormat: { weekday: "short", day: "numeric" } },
            list: { listDayFormat: { weekday: "long", day: "numeric", month: "long" }, listDaySideFormat: false },
          },
          events: shown,
          eventContent: (found) => card(found, words, marks, narrow),
          eventDidMount: (found) => {
            const entry = found.event.extendedProps.entry;
            if (entry) found.el.setAttribute("aria-label", describe(found, words));
          },
          dayCellContent: (found) =>
            h("span", { className: "day-numbers" },
              h("span", { className: "day-number" }, found.dayNumberText.replace(/\D/g, "") || found.dayNumberText),
              h("span", { className: "day-hijri", "aria-hidden": true }, dayNumber.format(found.date).replace(/\D/g, ""))),
          moreLinkContent: (found) => words.more.replace("{n}", found.num),
          moreLinkClick: (found) => {
            if (narrow) {
              change("listDay", found.date);
              return "none";
            }
            setTimeout(keepInside, 30);
            return "popover";
          },
          noEventsContent: () =>
            h("div", { className: "calendar-none" }, h("p", { className: "strong" }, words.none), h("p", null, words.none_hint)),
          datesSet,
          eventDrop: dropped,
          eventClick: (found) => {
            found.jsEvent.preventDefault();
            if (narrow && found.view.type === VIEWS.month) {
              change("listDay", found.event.startStr.slice(0, 10));
              return;
            }
            onOpen(found.event.id);
          },
          dateClick: picked,
          drop: (found) => onPlace(found.draggedEl.dataset.post, withTime(found.dateStr, zone)),
        })),
      h("div", { className: "calendar-tray", ref: trayBox }, tray)));
}
