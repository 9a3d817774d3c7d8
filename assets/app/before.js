// Before the first paint: the language, the direction and the theme that this browser chose.
try {
  const root = document.documentElement;
  const kept = localStorage.getItem("autosched_language");
  const arabic = kept ? kept === "ar" : (navigator.language || "").startsWith("ar");
  root.lang = arabic ? "ar" : "en";
  root.dir = arabic ? "rtl" : "ltr";
  const theme = localStorage.getItem("theme") || "system";
  const dark = theme === "dark" || (theme === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
  root.classList.add(dark ? "dark" : "light");
} catch {
  // a browser without storage gets the defaults
}
