// Keys: single letters lead somewhere, none of them does anything to the system. Off in fields, and by choice.
const PLACES = { i: "/", l: "/logs", c: "/changes", s: "/services" };
const JUMPS = { d: "now", u: "update", n: "note", h: "hypothesis", t: "timeline", a: "actions" };
let after = ""; // g, while the second key is awaited

const off = () => { try { return localStorage.getItem("keys") === "off"; } catch { return false; } };

function jump(id) {
  const target = document.getElementById(id);
  if (!target) return;
  target.scrollIntoView({ block: "center" });
  const field = target.matches("input, textarea") ? target : target.querySelector("a, button, input, textarea") ?? target;
  field.focus({ preventScroll: true });
}

function move(step) {
  const stops = [...document.querySelectorAll("main a.ev, main .rows-of a, main .lines a, main .list a")].filter(one => one.offsetParent);
  if (!stops.length) return;
  const here = stops.indexOf(document.activeElement);
  stops[(here + step + stops.length) % stops.length].focus();
}

function list() {
  const dialog = document.getElementById("keys");
  if (!dialog) return;
  if (dialog.open) dialog.close(); else dialog.showModal();
}

export function keys() {
  const box = document.querySelector("[data-keys-off]");
  if (box) {
    box.checked = off();
    box.addEventListener("change", () => { try { localStorage.setItem("keys", box.checked ? "off" : "on"); } catch { /* only for this page */ } });
  }
  document.querySelector("[data-keys]")?.addEventListener("click", list);
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
    else if (key === "/") { const find = document.querySelector("[data-find]"); if (find) { event.preventDefault(); find.focus(); } }
    else if (key === "j" || key === "k") move(key === "j" ? 1 : -1);
    else if (key === "e") document.activeElement?.closest("a[data-drawer]")?.click();
    else if (key === "r") document.querySelector("form[data-drawer-form] button")?.click();
    else if (key === ".") document.querySelector("[data-show], [data-show-entries]")?.click();
    else if (key === "y") navigator.clipboard?.writeText(location.href);
    else if (key === "T") document.querySelector("[data-theme-toggle]")?.click();
    else if (JUMPS[key]) { event.preventDefault(); jump(JUMPS[key]); }
  });
}
