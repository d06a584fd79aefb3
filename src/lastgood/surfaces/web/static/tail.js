// Log lines as they come in, the newest last. They wait while a person reads: paused, scrolled up, or inside of a line.
const MOST = 500; // lines in the page, and as many that wait: older ones are let go

export function tailing() {
  const list = document.querySelector("[data-tail]");
  if (!list) return;
  const box = list.parentElement;
  const [state, count, pause] = ["[data-tail-state]", "[data-tail-count]", "[data-pause]"].map(one => document.querySelector(one));
  let waiting = [], shown = 0, let_go = 0, cut = false, paused = false;
  let live = "Connecting.";

  const reading = () => paused ? "Paused." : list.contains(document.activeElement) || list.querySelector("details[open]") ? "Held while a line is read."
    : box.scrollHeight - box.scrollTop - box.clientHeight > 24 ? "Held: scroll to the end to go on." : "";
  const say = () => {
    const held = reading();
    const words = live === "Live." && held ? held : live;
    if (state.textContent !== words) state.textContent = words;
    const more = [waiting.length && `${waiting.length} new lines wait`, let_go && `${let_go} older ones were let go`, cut && "more came at once than are shown"];
    count.textContent = [`${shown} lines`, ...more.filter(Boolean)].join(", ") + ".";
  };
  const show = () => {
    if (!reading() && waiting.length) {
      list.append(...waiting);
      shown = list.children.length;
      waiting = [];
      for (; shown > MOST; shown--) list.firstElementChild.remove();
      box.scrollTop = box.scrollHeight;
    }
    say();
  };

  const lines = document.querySelector("[data-permalink]"), link = new URL(lines.href); // these lines as a page of their time
  const source = new EventSource(document.documentElement.dataset.base + list.dataset.tail);
  source.addEventListener("open", () => { live = "Live."; say(); });
  source.addEventListener("error", () => {
    live = source.readyState === EventSource.CLOSED ? "Not live: the server refused. Load the page again later." : "Not live: the server is not reachable. It is tried again.";
    say();
  });
  source.addEventListener("end", event => { source.close(); live = `Not live. ${event.data}`; say(); });
  source.addEventListener("message", event => {
    const told = JSON.parse(event.data);
    const fresh = new DOMParser().parseFromString(`<ol>${told.html}</ol>`, "text/html");
    waiting.push(...fresh.querySelectorAll("body > ol > li"));
    cut ||= told.cut;
    link.searchParams.set("to", new Date(Math.ceil(Number(event.lastEventId) / 1e6) + 1).toISOString());
    lines.href = link;
    if (waiting.length > MOST) let_go += waiting.splice(0, waiting.length - MOST).length;
    show();
  });
  addEventListener("pagehide", () => source.close());

  pause.hidden = false;
  pause.addEventListener("click", () => { paused = !paused; pause.textContent = paused ? "Resume" : "Pause"; show(); });
  box.addEventListener("scroll", show);
  list.addEventListener("focusout", () => setTimeout(show));
  list.addEventListener("toggle", show, true);
  say();
}
