// Notes are sent without leaving the page. While the server is gone they are kept, shown as not sent, and sent when it is back.
const key = `unsent-${document.body.dataset.incident}`;
let notes = [], sending = false;
try { notes = JSON.parse(sessionStorage.getItem(key)) ?? []; } catch { /* only for this page, then */ }

function keep(problem = "") {
  try { sessionStorage.setItem(key, JSON.stringify(notes)); } catch { /* as above */ }
  const shown = document.getElementById("unsent");
  if (!shown) return;
  shown.textContent = problem || (notes.length ? `Not sent yet: “${notes.join("”, “")}”. Sent when the server is back.` : "");
}

// `renew` shows what was recorded.
export async function sendNotes(renew) {
  const form = document.querySelector("form[action$='/notes']");
  if (!form || sending || !notes.length) return;
  sending = true;
  try {
    while (notes.length) {
      const fields = new URLSearchParams(new FormData(form));
      fields.set("text", notes[0]);
      const answer = await fetch(form.action, { method: "POST", body: fields });
      if (!answer.ok) { keep(`Not recorded: the server answered ${answer.status}. Load the page again. The note: “${notes[0]}”`); return; }
      notes.shift();
      keep();
    }
    await renew(["bar", "timeline"]);
  } catch {
    keep();
  } finally {
    sending = false;
  }
}

export function noting(renew) {
  document.addEventListener("submit", event => {
    if (!event.target.matches("form[action$='/notes']")) return;
    event.preventDefault();
    const field = event.target.querySelector("#note");
    notes.push(field.value.trim());
    field.value = "";
    sendNotes(renew);
  });
  keep();
}
