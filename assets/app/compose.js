// The editor's own behaviour: putting text in at the cursor, and the keys that store it.
import { useEffect, useRef } from "react";

const EDITOR = "compose-text";

// A closing dialog still holds the focus.
function afterDialog(run, tries = 60) {
  if (document.querySelector("[role=dialog]") && tries) setTimeout(afterDialog, 25, run, tries - 1);
  else setTimeout(run, 40);
}

// Written as typing writes it, so that it can be taken back with the keyboard.
function put(id, text) {
  const field = document.getElementById(id);
  if (!field) return;
  field.focus();
  const { selectionStart: start, value } = field;
  const before = value.slice(0, start);
  const gap = before && !before.endsWith("\n\n") ? (before.endsWith("\n") ? "\n" : "\n\n") : "";
  const after = value.slice(field.selectionEnd);
  const whole = `${gap}${text}${after && !after.startsWith("\n") ? "\n\n" : ""}`;
  if (!document.execCommand("insertText", false, whole)) {
    field.setRangeText(whole, start, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  field.scrollIntoView({ block: "nearest" });
}

// What stands in the editor and for which account, and in the fields of the accounts' options.
function written() {
  const field = document.getElementById(EDITOR);
  const fields = [...document.querySelectorAll("[data-option]")].map((each) => [each.dataset.option, each.value]);
  return field ? [field.dataset.tab ?? "", field.value, JSON.stringify(fields)] : [];
}

const isWriting = () => document.activeElement?.matches(`#${EDITOR}, [data-option]`) ?? false;

export function ComposeKeys({ onSchedule, onSave }) {
  const handlers = useRef({});
  handlers.current = { onSchedule, onSave };
  useEffect(() => {
    window.autosched = { ...window.autosched, insertText: (id, text) => afterDialog(() => put(id, text)), written, isWriting };
    const pressed = (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
      if (document.querySelector("[role=dialog]")) return;
      if (!document.getElementById(EDITOR)) return;
      if (event.key === "Enter") {
        event.preventDefault();
        handlers.current.onSchedule(written());
      } else if (event.key === "s") {
        event.preventDefault();
        handlers.current.onSave(written());
      }
    };
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  }, []);
  return null;
}
