// Pages that stay true while they are open: theme, clocks, copying, and what the server says of an incident.
// Nothing that is being read moves by itself: a newer answer and others' entries wait until they are asked for.
import { drawers } from "./drawer.js";
import { composing } from "./compose.js";
import { keys } from "./keys.js";
import { brushing } from "./brush.js";
import { tailing } from "./tail.js";
import { noting, sendNotes } from "./notes.js";

const GONE_AFTER = 4000; // milliseconds without the server
const body = document.body;
let ahead = 0; // milliseconds of the server's clock before this one's

function theme() {
  const button = document.querySelector("[data-theme-toggle]");
  if (!button) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    const root = document.documentElement;
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    try { localStorage.setItem("theme", root.dataset.theme); } catch { /* only for this page, then */ }
  });
}

function clocks() {
  const shown = document.querySelector("[data-clock]");
  if (!shown) return;
  ahead = Date.parse(shown.dateTime) - Date.now(); // the server's time is what counts
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
  const local = document.querySelector("[data-zone]");
  const written = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: zone });
  const tick = () => {
    const now = new Date(Date.now() + ahead);
    shown.textContent = `${now.toISOString().slice(11, 19)} UTC`;
    if (local && zone !== "UTC") local.textContent = `${written.format(now)} ${zone.split("/").pop().replaceAll("_", " ")} ·\u00a0`;
  };
  tick();
  setInterval(tick, 1000);
}

document.addEventListener("click", event => { // while the server is gone nothing can be started
  if (document.getElementById("gone")?.hidden === false && event.target.closest(".go")) { event.preventDefault(); event.stopPropagation(); }
}, true);

document.addEventListener("click", async event => {
  const copy = event.target.closest("[data-copy]");
  if (copy && navigator.clipboard) {
    await navigator.clipboard.writeText(document.getElementById(copy.dataset.copy).textContent);
    copy.textContent = "Copied";
  }
  if (event.target.closest("[data-show]")) renew(["bar", "main"]);
  if (event.target.closest("[data-show-entries]")) renew(["bar", "timeline"]);
});

function copying() {
  if (navigator.clipboard) for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;
}

// Put parts of the page as it is now in the place of those that are shown. What was typed stays.
async function renew(parts) {
  const answer = await fetch(location.pathname, { headers: { accept: "text/html" } });
  if (!answer.ok || answer.redirected) { location.reload(); return; }
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const typed = [...document.querySelectorAll("input[id], textarea[id], select[id]")].map(field => [field.id, field.value]);
  const focused = document.activeElement?.id;
  for (const id of parts) {
    const next = fresh.getElementById(id);
    if (next) document.getElementById(id)?.replaceWith(next);
  }
  const whole = parts.includes("main");
  body.dataset.entries = fresh.body.dataset.entries;
  if (whole) body.dataset.answer = fresh.body.dataset.answer;
  for (const [id, value] of typed) {
    const field = document.getElementById(id);
    if (field && value && field.type !== "hidden") field.value = value;
  }
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  copying();
  brushing();
}

let seen = Number(body.dataset.entries); // the last entry of which the bar is known

async function told(state) {
  const shown = Number(body.dataset.answer);
  if (state.answer > shown && shown === 0) { await renew(["bar", "main"]); return; }
  const here = document.querySelector("[data-here]");
  if (here && state.here) here.textContent = here.title = state.here.join(", ");
  const newer = document.getElementById("newer");
  if (newer) newer.hidden = state.answer <= shown;
  const more = state.entries - Number(body.dataset.entries);
  const counter = document.getElementById("new-entries");
  if (counter && more > 0) {
    const button = document.createElement("button");
    button.className = "btn small";
    button.dataset.showEntries = "";
    button.textContent = `${more} new: show`;
    counter.replaceChildren(button);
  }
  if (state.entries > seen) {
    seen = state.entries;
    const before = body.dataset.entries;
    await renew(["bar"]);
    body.dataset.entries = before;
  }
  const progress = document.getElementById("progress");
  if (!progress) return;
  if (state.phase === "running") {
    const again = shown ? "asking again: " : "";
    progress.textContent = state.questions ? `${again}${state.questions} questions, ${state.answered} answered` : "asking";
  } else {
    progress.textContent = shown ? "" : state.problem || (state.phase === "waiting" ? "Waiting for another investigation to end" : "");
  }
}

function watch() {
  const number = body.dataset.incident;
  if (!number) return;
  const gone = document.getElementById("gone");
  const reachable = yes => {
    gone.hidden = yes;
    for (const one of document.querySelectorAll(".go")) { if (yes) one.removeAttribute("aria-disabled"); else one.setAttribute("aria-disabled", "true"); }
  };
  let lost = null;
  const source = new EventSource(`${document.documentElement.dataset.base}/incidents/${number}/events`);
  source.addEventListener("open", () => { clearTimeout(lost); lost = null; reachable(true); sendNotes(renew); });
  source.addEventListener("error", () => {
    lost ??= setTimeout(() => reachable(false), GONE_AFTER);
    if (source.readyState === EventSource.CLOSED) setTimeout(watch, GONE_AFTER); // the browser gave up
  });
  source.addEventListener("message", event => told(JSON.parse(event.data)));
  addEventListener("pagehide", () => source.close());
}

theme();
clocks();
copying();
drawers();
composing();
keys();
brushing();
tailing();
if (body.dataset.incident) noting(renew);
watch();
