// The place to drop files, and the list of what is being sent. The words come from the page.
import { createElement as h, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { leftText, sizeText, useLanguage } from "./language.js";
import { add, forget, snapshot, subscribe } from "./sending.js";

const NONE = [];
const ACCEPT = "video/*,image/*,audio/*,.mkv,.heic,.avif,.opus,.flac";

const ICONS = {
  up: "M12 16V4m0 0L7 9m5-5 5 5M4 15v3a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2v-3",
  close: "M6 6l12 12M18 6L6 18",
  done: "M5 13l4.500 4.500L19 7",
  bad: "M12 8v5m0 3.500v.01M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z",
  file: "M14 3v5h5M14 3H7a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V8z",
};
const icon = (name, size = 18) =>
  h("svg", { width: size, height: size, viewBox: "0 0 24 24", fill: "none", stroke: "currentColor", strokeWidth: 1.8, strokeLinecap: "round", strokeLinejoin: "round", "aria-hidden": true }, h("path", { d: ICONS[name] }));

function Row({ job, words, problems, language }) {
  const percent = Math.floor(job.share * 100);
  const arabic = language === "ar" ? problems[job.problem?.code] : null;
  const problem = job.problem ?? {};
  const reason = arabic ?? [problem.detail, problem.remedy].filter(Boolean).join(" ");
  const note = {
    queued: words.queued,
    sending: [job.left === null ? "" : leftText(job.left, language), `${percent}%`].filter(Boolean).join(" · "),
    checking: words.checking,
    waiting: words.waiting,
    done: words.done,
    refused: "",
  }[job.state];
  return h(
    "li",
    { className: `upload ${job.state}`, "data-state": job.state },
    h("span", { className: "upload-icon" }, icon(job.state === "done" ? "done" : job.state === "refused" ? "bad" : "file")),
    h(
      "div",
      { className: "grow col tight" },
      h(
        "div",
        { className: "row tight small" },
        h("span", { className: "cut grow plain strong", title: job.name }, job.name),
        h("span", { className: "faint numbers upload-note" }, job.state === "refused" ? sizeText(job.size, language) : note),
      ),
      job.state === "refused"
        ? h("p", { className: "small upload-reason", role: "alert" }, reason || words.refused)
        : h(
            "div",
            { className: `bar ${job.state === "checking" ? "busy" : ""}`, role: "progressbar", "aria-label": job.name, "aria-valuemin": 0, "aria-valuemax": 100, "aria-valuenow": percent },
            h("span", { style: { "--share": `${percent}%` } }),
          ),
    ),
    h(
      "button",
      { type: "button", className: "icon-button small", "aria-label": job.state === "refused" ? words.dismiss : words.cancel, onClick: () => forget(job.id) },
      icon("close", 16),
    ),
  );
}

const holdsFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");

// `wholePage`: files may be dropped anywhere on the page. `onDone` is told each asset's id.
export function Uploads({ workspace, words, problems, wholePage, compact, onDone }) {
  const language = useLanguage();
  const jobs = useSyncExternalStore(subscribe, snapshot, () => NONE);
  const [over, setOver] = useState(false);
  const picker = useRef(null);
  const latest = useRef({ workspace, onDone });
  latest.current = { workspace, onDone };

  const take = (files) => {
    if (!files.length || !latest.current.workspace) return;
    add(files, latest.current.workspace, (asset) => latest.current.onDone?.(asset.id));
  };

  useEffect(() => {
    if (!wholePage) return undefined;
    let depth = 0;
    const enter = (event) => holdsFiles(event) && ((depth += 1), setOver(true));
    const leave = (event) => holdsFiles(event) && (depth = Math.max(0, depth - 1)) === 0 && setOver(false);
    const hold = (event) => holdsFiles(event) && event.preventDefault();
    const drop = (event) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      depth = 0;
      setOver(false);
      take(event.dataTransfer.files);
    };
    const pairs = { dragenter: enter, dragleave: leave, dragover: hold, drop };
    Object.entries(pairs).forEach(([name, each]) => window.addEventListener(name, each));
    return () => Object.entries(pairs).forEach(([name, each]) => window.removeEventListener(name, each));
  }, [wholePage]);

  const own = wholePage
    ? {}
    : {
        onDragOver: (event) => (event.preventDefault(), setOver(true)),
        onDragLeave: () => setOver(false),
        onDrop: (event) => (event.preventDefault(), setOver(false), take(event.dataTransfer.files)),
      };

  return h(
    "div",
    { className: "uploads" },
    h(
      "button",
      { type: "button", className: `drop ${compact ? "compact" : ""} ${over ? "over" : ""}`, onClick: () => picker.current.click(), ...own },
      icon("up", 22),
      h("span", { className: "with-mouse" }, h("strong", null, words.drop), " ", h("span", { className: "muted" }, words.choose)),
      h("strong", { className: "with-finger" }, words.pick),
    ),
    h("input", { ref: picker, type: "file", multiple: true, accept: ACCEPT, hidden: true, "aria-label": words.choose, "data-uploads": true, onChange: (event) => (take(event.target.files), (event.target.value = "")) }),
    jobs.length > 0 && h("ul", { className: "upload-list card flush", "aria-live": "polite" }, jobs.map((job) => h(Row, { key: job.id, job, words, problems, language }))),
    over && wholePage && h("div", { className: "drop-veil", "aria-hidden": true }, h("div", null, icon("up", 40), h("strong", null, words.release))),
  );
}
