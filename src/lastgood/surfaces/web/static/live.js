// Pages that stay true while they are open: theme, clock, copy, and what the server says of an incident.
// Nothing that is being read moves by itself: a newer answer waits until it is asked for.
const GONE_AFTER = 4000; // milliseconds without the server
const body = document.body;

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

function clock() {
  const shown = document.querySelector("[data-clock]");
  if (!shown) return;
  const ahead = Date.parse(shown.dateTime) - Date.now(); // the server's time is what counts
  setInterval(() => { shown.textContent = `${new Date(Date.now() + ahead).toISOString().slice(11, 19)} UTC`; }, 1000);
}

function copying() {
  for (const button of document.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
      button.textContent = "Copied";
    });
  }
}

// Put the parts of the page as it is now in the place of those that are shown.
async function renew() {
  const answer = await fetch(location.pathname, { headers: { accept: "text/html" } });
  if (!answer.ok || answer.redirected) { location.reload(); return; }
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const typed = document.getElementById("note")?.value ?? "";
  for (const id of ["bar", "main"]) document.getElementById(id)?.replaceWith(fresh.getElementById(id));
  Object.assign(body.dataset, fresh.body.dataset);
  const note = document.getElementById("note");
  if (note) note.value = typed;
  ready();
}

function told(state) {
  const shown = Number(body.dataset.answer);
  if (state.answer > shown && shown === 0) { renew(); return; }
  const newer = document.getElementById("newer");
  if (newer) newer.hidden = state.answer <= shown;
  const more = state.entries - Number(body.dataset.entries);
  const counter = document.getElementById("new-entries");
  if (counter && more > 0) counter.textContent = `${more} new: load again to see`;
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
  let lost = null;
  const source = new EventSource(`/incidents/${number}/events`);
  source.addEventListener("open", () => { clearTimeout(lost); lost = null; gone.hidden = true; });
  source.addEventListener("error", () => {
    lost ??= setTimeout(() => { gone.hidden = false; }, GONE_AFTER);
    if (source.readyState === EventSource.CLOSED) setTimeout(watch, GONE_AFTER); // the browser gave up
  });
  source.addEventListener("message", event => told(JSON.parse(event.data)));
  addEventListener("pagehide", () => source.close());
}

function ready() {
  copying();
  document.querySelector("[data-show]")?.addEventListener("click", renew);
}

theme();
clock();
ready();
watch();
