// Small behaviours that need no round trip: showing a password, copying, shortcuts.
(() => {
  const autosched = (window.autosched = window.autosched ?? {});

  autosched.reveal = (id) => {
    const field = document.getElementById(id);
    const shown = field.type === "text";
    field.type = shown ? "password" : "text";
    field.parentElement.classList.toggle("revealed", !shown);
    field.focus();
  };

  // A form that is sent by the browser itself says so once, and can't be sent twice.
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[action^='/auth/'], form[action^='/connect/']")) return;
    const button = event.target.querySelector("button[type=submit]");
    button?.classList.add("is-sent");
    setTimeout(() => button && (button.disabled = true));
  });
  window.addEventListener("pageshow", () => {
    for (const button of document.querySelectorAll(".is-sent")) {
      button.classList.remove("is-sent");
      button.disabled = false;
    }
  });

  // A file without a picture of itself (a sound has no poster) leaves its place empty, and a face
  // that is no longer there leaves it to the letters.
  document.addEventListener(
    "error",
    (event) => event.target.matches?.("img[src^='/files/'], img[src^='/templates/'], .avatar img") && event.target.classList.add("missing"),
    true,
  );

  // Moving ornament stands still for those who ask for little motion.
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");
  document.addEventListener(
    "play",
    (event) => still.matches && event.target.matches(".reel video") && event.target.pause(),
    true,
  );

  // A look of the studio plays while it is pointed at or focused.
  const look = (event) => event.target.closest?.(".look")?.querySelector("video");
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  for (const kind of ["mouseover", "focusin"])
    document.addEventListener(kind, (event) => !calm.matches && look(event)?.play().catch(() => {}));
  for (const kind of ["mouseout", "focusout"])
    document.addEventListener(kind, (event) => look(event)?.pause());

  // A template file goes to the server; what it says goes to the page.
  autosched.sendTemplate = async (workspace) => {
    const input = document.getElementById("template-file");
    const file = input?.files[0];
    if (!file) return {};
    input.value = "";
    try {
      const address = `/api/v1/saved-templates?workspace=${encodeURIComponent(workspace)}`;
      const { id, title, detail, remedy } = await (await fetch(address, { method: "POST", body: file })).json();
      return { id, title, detail, remedy };
    } catch {
      return { detail: "The file did not arrive.", remedy: "" };
    }
  };

  // One letter, outside of fields: c composes; g and a letter goes to a page.
  const places = { h: "/", s: "/studio", c: "/calendar", l: "/library", a: "/accounts", n: "/attention" };
  let going = 0;
  const go = (path) => document.querySelector(`.shell a[href="${path}"]`)?.click();
  document.addEventListener("keydown", (event) => {
    const busy = event.target.closest?.("input, textarea, select, [contenteditable=true], [role=dialog], [role=menu]");
    if (busy || event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented) return;
    const key = event.key.toLowerCase();
    if (Date.now() - going < 900 && places[key]) {
      going = 0;
      go(places[key]);
    } else if (key === "g") {
      going = Date.now();
    } else if (key === "c") {
      go("/compose");
    } else if (key === "/") {
      const search = document.querySelector("main input[type=search]");
      if (search) {
        event.preventDefault();
        search.focus();
      }
    }
  });
})();
