// The composer checks what is written while it is written; the server does the checking.
const PAUSE = 350; // milliseconds without a key

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
    shown.replaceWith(fresh);
    const field = fresh.querySelector("#override");
    if (field && reason) field.value = reason;
    if (unfolded && fresh.querySelector("details")) fresh.querySelector("details").open = true;
  };
  document.addEventListener("input", event => {
    const form = event.target.closest("form[data-check]");
    if (!form || event.target.id === "override") return;
    clearTimeout(waiting);
    waiting = setTimeout(() => check(form), PAUSE);
  });
  document.addEventListener("change", event => {
    const form = event.target.closest("form[data-check]");
    if (form && event.target.name === "audience") {
      const here = form.dataset.check.replace(/\/check$/, "");
      location.assign(`${here}?audience=${encodeURIComponent(event.target.value)}`);
    }
  });
}
