// The composer checks what is written while it is written; the server does the checking.
const PAUSE = 350; // milliseconds without a key
const STOPS = "pre, button, summary, input";

export function composing() {
  let waiting = null;
  let asked = 0;
  const check = async form => {
    const mine = ++asked;
    const answer = await fetch(form.dataset.check, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    if (!answer.ok || mine !== asked) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("checks");
    const shown = form.querySelector("#checks");
    if (!fresh || !shown) return;
    const reason = shown.querySelector("#override")?.value;
    const unfolded = shown.querySelector("details")?.open;
    const place = [...shown.querySelectorAll(STOPS)].indexOf(document.activeElement);
    shown.replaceWith(fresh);
    const field = fresh.querySelector("#override");
    if (field && reason) field.value = reason;
    if (unfolded && fresh.querySelector("details")) fresh.querySelector("details").open = true;
    if (place >= 0) [...fresh.querySelectorAll(STOPS)].at(place)?.focus({ preventScroll: true }); // it was among them
  };
  document.addEventListener("input", event => {
    const form = event.target.closest("form[data-check]");
    if (!form || event.target.id === "override") return;
    clearTimeout(waiting);
    waiting = setTimeout(() => check(form), PAUSE);
  });
}
