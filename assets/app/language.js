// The reader's language, and how times, numbers and sizes are written in it. Kept in the
// browser, so that switching is instant; the pages' words carry both languages.
import { useSyncExternalStore } from "react";

const KEY = "autosched_language";
const listeners = new Set();

function chosen() {
  if (typeof window === "undefined") return "en";
  const kept = window.localStorage.getItem(KEY);
  if (kept === "ar" || kept === "en") return kept;
  return (navigator.languages ?? [navigator.language]).some((each, place) => place === 0 && each?.startsWith("ar"))
    ? "ar"
    : "en";
}

function apply() {
  const language = chosen();
  document.documentElement.lang = language;
  document.documentElement.dir = language === "ar" ? "rtl" : "ltr";
  listeners.forEach((tell) => tell());
}

function subscribe(tell) {
  listeners.add(tell);
  return () => listeners.delete(tell);
}

if (typeof window !== "undefined") {
  apply();
  window.addEventListener("storage", (event) => event.key === KEY && apply());
  window.autosched = {
    ...window.autosched,
    language: chosen,
    setLanguage(language) {
      window.localStorage.setItem(KEY, language);
      apply();
    },
  };
}

export function useLanguage() {
  return useSyncExternalStore(subscribe, chosen, () => "en");
}

// Latin digits in both languages: times and counters keep their shape.
const locale = (language) => (language === "ar" ? "ar-u-nu-latn-ca-gregory" : "en-GB");

const SHAPES = {
  date: { day: "numeric", month: "short", year: "numeric" },
  day: { weekday: "short", day: "numeric", month: "short" },
  time: { hour: "2-digit", minute: "2-digit" },
  moment: { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" },
};

export function momentText(iso, zone, language, shape) {
  if (!iso) return "";
  const when = new Date(iso);
  if (Number.isNaN(when.getTime())) return "";
  if (shape === "ago") return agoText(when, language);
  return new Intl.DateTimeFormat(locale(language), {
    ...(SHAPES[shape] ?? SHAPES.moment),
    hourCycle: "h23",
    timeZone: zone || "UTC",
  }).format(when);
}

const STEPS = [
  ["year", 31536000],
  ["month", 2592000],
  ["week", 604800],
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
];

function agoText(when, language) {
  const seconds = (when.getTime() - Date.now()) / 1000;
  const words = new Intl.RelativeTimeFormat(locale(language), { numeric: "auto" });
  for (const [unit, length] of STEPS) {
    if (Math.abs(seconds) >= length) return words.format(Math.round(seconds / length), unit);
  }
  return words.format(0, "minute");
}

// "Europe/Istanbul" is shown as "Istanbul, GMT+3".
export function zoneText(zone, language) {
  if (!zone) return "";
  const place = zone.split("/").pop().replaceAll("_", " ");
  try {
    const parts = new Intl.DateTimeFormat(locale(language), { timeZone: zone, timeZoneName: "shortOffset" });
    const offset = parts.formatToParts(new Date()).find((part) => part.type === "timeZoneName")?.value;
    return offset && offset !== place ? `\u2066${place}, ${offset.replace("غرينتش", "GMT")}\u2069` : place;
  } catch {
    return place;
  }
}

export function numberText(value, language) {
  return value === null || value === undefined ? "" : new Intl.NumberFormat(locale(language)).format(value);
}

export function sizeText(bytes, language) {
  const units = language === "ar" ? ["بايت", "ك.ب", "م.ب", "ج.ب"] : ["B", "KB", "MB", "GB"];
  let size = Number(bytes) || 0;
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  const digits = unit > 0 && size < 10 ? 1 : 0;
  return `${new Intl.NumberFormat(locale(language), { maximumFractionDigits: digits }).format(size)} ${units[unit]}`;
}

// 75 seconds are "1:15".
export function lengthText(seconds) {
  if (seconds === null || seconds === undefined) return "";
  const whole = Math.max(0, Math.round(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const rest = String(whole % 60).padStart(2, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

// How long something still takes: "about 2 min".
export function leftText(seconds, language) {
  if (seconds === null || seconds === undefined) return "";
  const arabic = language === "ar";
  if (seconds < 60) {
    const rough = Math.max(5, Math.ceil(seconds / 5) * 5);
    return arabic ? `نحو ${rough} ث` : `about ${rough} s`;
  }
  const minutes = Math.round(seconds / 60);
  return arabic ? `نحو ${minutes} د` : `about ${minutes} min`;
}

export function pluralText(count, language, forms) {
  const form = new Intl.PluralRules(language).select(Number(count) || 0);
  return (forms[form] ?? forms.other).replaceAll("{n}", numberText(Number(count) || 0, language));
}

export function browserZone() {
  if (typeof Intl === "undefined") return "UTC";
  return Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
}

export function zoneNames() {
  return Intl.supportedValuesOf?.("timeZone") ?? ["UTC"];
}

// Today, in the common and in the Hijri calendar.
export function todayText(zone, language, calendar) {
  const options = { timeZone: zone || "UTC", day: "numeric", month: "long" };
  if (calendar === "hijri") {
    const words = language === "ar" ? "ar-u-nu-latn-ca-islamic-umalqura" : "en-GB-u-ca-islamic-umalqura";
    return new Intl.DateTimeFormat(words, { ...options, year: "numeric" }).format(new Date());
  }
  return new Intl.DateTimeFormat(locale(language), { ...options, weekday: "long" }).format(new Date());
}

// A value of the page's address, such as ?problem=….
export function addressValue(name) {
  if (typeof window === "undefined") return "";
  return new URLSearchParams(window.location.search).get(name) ?? "";
}
