// Keys: single letters lead somewhere, none of them does anything to the system. Off in fields, and by choice.
const PLACES = { i: "/", l: "/logs", c: "/changes", s: "/services", r: "/review" };
const JUMPS = { d: "now", u: "update", n: "note", h: "hypothesis", t: "timeline", a: "actions" };
let after = ""; // g, while the second key is awaited

const off = () => { try { return localStorage.getItem("keys") === "off"; } catch { return false; } };

function jump(id) {
  const target = document.getElementById(id);
  if (!target) return;
  const stop = ":is(a, button, input:not([type=hidden]), select, textarea)";
  const field = target.matches(stop) ? target : target.querySelector(stop) ?? target;
  if (field === target && !target.matches(stop)) target.tabIndex = -1; // nothing to act on: read from here on
  target.scrollIntoView({ block: target.offsetHeight > innerHeight / 2 ? "start" : "center" });
  field.focus({ preventScroll: true });
}

function move(step) {
  const stops = [...document.querySelectorAll("main a.ev, main .rows-of a, main .lines summary, main .list a, main .alarm h2 a")].filter(one => one.offsetParent);
  if (!stops.length) return;
  const here = stops.indexOf(document.activeElement);
  stops[(here + step + stops.length) % stops.length].focus();
}

function find() {
  const field = document.querySelector("[data-find]");
  if (field && !field.offsetParent) document.getElementById("menu").showPopover(); // narrow: it is in the menu
  field?.focus();
}

function list() {
  const dialog = document.getElementById("keys");
  if (!dialog) return;
  if (dialog.open) dialog.close(); else dialog.showModal();
}

// Of what is in the drawer, of the incident as it is now, or of the page: each stays true.
const link = () => (!document.querySelector(".drawer:not([hidden])") && document.querySelector("[data-permalink]")?.href) || location.href;

export function keys() {
  const box = document.querySelector("[data-keys-off]");
  if (box) {
    box.checked = off();
    box.addEventListener("change", () => { try { localStorage.setItem("keys", box.checked ? "off" : "on"); } catch { /* only for this page */ } });
  }
  const button = document.querySelector("[data-keys]");
  if (button) { button.hidden = false; button.addEventListener("click", list); }
  document.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, [contenteditable]")) return;
    if (off() && event.key !== "?") return;
    const key = event.key;
    const before = after;
    after = "";
    if (before === "g" && PLACES[key]) { location.assign(document.documentElement.dataset.base + PLACES[key]); return; }
    if (before === "g" && key === "t") { jump("timeline"); return; }
    if (key === "g") { after = "g"; setTimeout(() => { after = ""; }, 1500); return; }
    if (key === "?") list();
    else if (key === "/") { event.preventDefault(); find(); }
    else if (key === "j" || key === "k") move(key === "j" ? 1 : -1);
    else if (key === "e") document.activeElement?.closest("a[data-drawer]")?.click();
    else if (key === "r") document.querySelector("form[data-drawer-form] button")?.click();
    else if (key === ".") document.querySelector("[data-show], [data-show-entries]")?.click();
    else if (key === "y") navigator.clipboard?.writeText(link());
    else if (key === "T") document.querySelector("[data-theme-toggle]")?.click();
    else if (/^[1-4]$/.test(key)) document.querySelector(`button[name=rating][value="${key}"]`)?.focus();
    else if (JUMPS[key]) { event.preventDefault(); jump(JUMPS[key]); }
  });
}
