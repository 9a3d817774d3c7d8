// Sends files in chunks and goes on where it stopped: after a lost connection by itself, after a
// closed tab when the same file is chosen again. Knows nothing of pages.

const CHUNK = 4 * 1024 * 1024;
const AT_ONCE = 2;
const PAUSES = [1, 2, 4, 8, 15, 30];
const KEPT = "autosched_uploads";

let jobs = [];
let counter = 0;
const listeners = new Set();

export const subscribe = (tell) => (listeners.add(tell), () => listeners.delete(tell));
export const snapshot = () => jobs;

function change(id, facts) {
  jobs = jobs.map((job) => (job.id === id ? { ...job, ...facts } : job));
  listeners.forEach((tell) => tell());
}

const find = (id) => jobs.find((job) => job.id === id);

// What is known of interrupted uploads: a file's fingerprint leads to its upload's id.
const fingerprint = (file, workspace) => [workspace, file.name, file.size, file.lastModified].join("|");
function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEPT)) ?? {};
  } catch {
    return {};
  }
}
function keep(print, upload) {
  const known = kept();
  if (upload) known[print] = upload;
  else delete known[print];
  localStorage.setItem(KEPT, JSON.stringify(known));
}

class Refusal extends Error {
  constructor(problem, status) {
    super(problem.detail ?? "");
    this.problem = problem;
    this.status = status;
  }
}
class Lost extends Error {}
class Stopped extends Error {}

// One request with progress; resolves to the JSON answer.
function ask(job, method, path, { body, headers = {}, onSent } = {}) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, path);
    request.responseType = "text";
    request.timeout = 120000;
    Object.entries(headers).forEach(([name, value]) => request.setRequestHeader(name, value));
    if (onSent) request.upload.onprogress = (event) => onSent(event.loaded);
    request.onload = () => {
      let answer = {};
      try {
        answer = JSON.parse(request.responseText || "{}");
      } catch {
        // an answer that is no JSON comes from something between us and the server
      }
      if (request.status >= 200 && request.status < 300) resolve(answer);
      else if (request.status >= 500 && answer.code !== "disk_full") reject(new Lost());
      else if (request.status === 0 || request.status === 408 || request.status === 429) reject(new Lost());
      else reject(new Refusal(answer, request.status));
    };
    request.onerror = () => reject(new Lost());
    request.ontimeout = () => reject(new Lost());
    request.onabort = () => reject(new Stopped());
    job.request = request;
    request.send(body);
  });
}

async function announce(job) {
  const known = kept()[job.print];
  if (known) {
    try {
      const state = await ask(job, "GET", `/api/v1/uploads/${known}`);
      if (state.size === job.file.size) return state;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      keep(job.print, null);
    }
  }
  const body = JSON.stringify({ workspace_id: job.workspace, name: job.file.name, size: job.file.size });
  const made = await ask(job, "POST", "/api/v1/uploads", { body, headers: { "Content-Type": "application/json" } });
  keep(job.print, made.id);
  return made;
}

async function send(job, live) {
  const state = await announce(live);
  const step = Math.min(CHUNK, state.chunk_max ?? CHUNK);
  let at = state.received;
  live.upload = state.id;
  live.started = Date.now();
  live.from = at;
  while (at < job.file.size) {
    const chunk = job.file.slice(at, at + step);
    const onSent = (sent) => measure(job, live, at + sent);
    try {
      const answer = await ask(live, "PATCH", `/api/v1/uploads/${state.id}`, {
        body: chunk,
        headers: { "Upload-Offset": String(at), "Content-Type": "application/octet-stream" },
        onSent,
      });
      at = answer.received;
      live.tries = 0;
    } catch (error) {
      if (!(error instanceof Refusal) || error.problem.received === undefined) throw error;
      at = error.problem.received;
    }
    measure(job, live, at);
  }
  change(job.id, { state: "checking", share: 1, left: null });
  return ask(live, "POST", `/api/v1/uploads/${state.id}/finish`);
}

function measure(job, live, sent) {
  const seconds = (Date.now() - live.started) / 1000;
  const speed = seconds > 1 ? (sent - live.from) / seconds : 0;
  change(job.id, {
    state: "sending",
    share: Math.min(1, sent / job.file.size),
    left: speed > 0 ? (job.file.size - sent) / speed : null,
  });
}

const rest = (live, seconds) =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, seconds * 1000);
    live.wake = () => (clearTimeout(timer), resolve());
  });

const lives = new Map();

async function run(job) {
  const live = { file: job.file, workspace: job.workspace, print: job.print, tries: 0 };
  lives.set(job.id, live);
  change(job.id, { state: "sending" });
  while (!live.stopped) {
    try {
      const asset = await send(job, live);
      keep(job.print, null);
      change(job.id, { state: "done", share: 1, asset });
      live.onDone?.(asset);
      job.onDone?.(asset);
      setTimeout(() => forget(job.id), 4000);
      break;
    } catch (error) {
      if (error instanceof Stopped || live.stopped) break;
      if (error instanceof Lost) {
        change(job.id, { state: "waiting", left: null });
        await rest(live, PAUSES[Math.min(live.tries, PAUSES.length - 1)]);
        live.tries += 1;
        continue;
      }
      if (!(error instanceof Refusal)) throw error;
      keep(job.print, null);
      change(job.id, { state: "refused", problem: error.problem, status: error.status, left: null });
      break;
    }
  }
  lives.delete(job.id);
  next();
}

function next() {
  const busy = jobs.filter((job) => ["sending", "checking", "waiting"].includes(job.state)).length;
  const queued = jobs.filter((job) => job.state === "queued").slice(0, Math.max(0, AT_ONCE - busy));
  queued.forEach(run);
}

export function add(files, workspace, onDone) {
  const fresh = [...files].map((file) => ({
    id: ++counter,
    file,
    name: file.name,
    size: file.size,
    workspace,
    print: fingerprint(file, workspace),
    state: "queued",
    share: 0,
    left: null,
    onDone,
  }));
  jobs = [...jobs, ...fresh];
  listeners.forEach((tell) => tell());
  next();
}

// Take a row away; an upload under way is given up, here and on the server.
export function forget(id) {
  const live = lives.get(id);
  const job = find(id);
  if (live) {
    live.stopped = true;
    live.request?.abort();
    live.wake?.();
    keep(job.print, null);
    if (live.upload) fetch(`/api/v1/uploads/${live.upload}`, { method: "DELETE" }).catch(() => {});
  }
  jobs = jobs.filter((each) => each.id !== id);
  listeners.forEach((tell) => tell());
  next();
}

if (typeof window !== "undefined") {
  window.addEventListener("online", () => lives.forEach((live) => live.wake?.()));
  window.addEventListener("beforeunload", (event) => {
    if (jobs.some((job) => job.state === "sending")) event.preventDefault();
  });
}
