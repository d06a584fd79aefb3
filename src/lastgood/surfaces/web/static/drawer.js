// The drawer: a page over the right side of the one that is read. Without script its link leads to the page itself.
// The address becomes that of the page in it, so that it can be pasted; Back and Esc close it, and focus returns.
let drawer = null;
let from = null; // what opened it
const STOPS = "a[href], button:not([disabled]), input:not([type=hidden]), select, textarea, summary, [tabindex='0']";

function made() {
  if (drawer) return drawer;
  drawer = document.createElement("aside");
  drawer.className = "drawer";
  drawer.setAttribute("role", "dialog");
  drawer.setAttribute("aria-label", "Details");
  drawer.tabIndex = -1;
  drawer.hidden = true;
  document.body.append(drawer);
  return drawer;
}

async function shownIn(answer, address) {
  if (!answer.ok || answer.url.includes("/login")) { location.assign(address); return; }
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const content = fresh.getElementById("main");
  if (!content) { location.assign(address); return; }
  const inside = document.createElement("div");
  inside.className = content.className;
  inside.append(...content.childNodes);
  const close = document.createElement("button");
  close.className = "btn small drawer-close";
  close.dataset.close = "";
  close.textContent = "Close";
  made().replaceChildren(close, inside);
  drawer.hidden = false;
  drawer.scrollTop = 0;
  drawer.focus({ preventScroll: true });
}

async function open(address) {
  const answer = await fetch(address, { headers: { accept: "text/html" } });
  await shownIn(answer, address);
  if (drawer && !drawer.hidden) {
    const was = history.state?.drawer;
    history[was ? "replaceState" : "pushState"]({ drawer: true }, "", address);
  }
}

function closed() {
  if (!drawer || drawer.hidden) return;
  drawer.hidden = true;
  drawer.replaceChildren();
  // What opened it may have been renewed meanwhile.
  const back = from?.isConnected ? from : document.querySelector(`main a[data-drawer][href="${CSS.escape(from?.getAttribute("href") ?? "")}"]`);
  back?.focus({ preventScroll: true });
  from = null;
}

// Tab goes round in the drawer. The pointer may still reach the page beside it.
function kept(event) {
  const stops = [...drawer.querySelectorAll(STOPS)].filter(one => one.offsetParent);
  const here = document.activeElement;
  const end = event.shiftKey ? stops[0] : stops.at(-1);
  if (drawer.contains(here) && here !== end && !(here === drawer && event.shiftKey)) return;
  event.preventDefault();
  (event.shiftKey ? stops.at(-1) : stops[0])?.focus();
}

export function drawers() {
  document.addEventListener("click", event => {
    const link = event.target.closest("a[data-drawer]");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) {
      event.preventDefault();
      if (!drawer?.contains(link)) from = link;
      open(link.href);
    } else if (event.target.closest("[data-close]") && drawer && !drawer.hidden) {
      event.preventDefault();
      history.back();
    }
  });
  document.addEventListener("submit", async event => {
    const form = event.target.closest("form[data-drawer-form]");
    if (!form || !drawer?.contains(form)) return;
    event.preventDefault();
    const button = form.querySelector("button");
    button.disabled = true;
    await shownIn(await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) }), form.action);
  });
  document.addEventListener("keydown", event => {
    if (!drawer || drawer.hidden) return;
    if (event.key === "Escape" && !document.querySelector("dialog[open]")) { event.preventDefault(); history.back(); }
    if (event.key === "Tab") kept(event);
  });
  addEventListener("popstate", closed);
}
