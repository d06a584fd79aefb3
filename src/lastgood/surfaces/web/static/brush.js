// Charts are read and marked by pointer or by keys. What is marked leads to the questions, or to the same page, for it.
const PAGE = 600; // seconds that Shift and an arrow move
const stamp = time => new Date(time).toISOString().replace(/\.\d+Z$/, "Z");
const shown = time => stamp(time).slice(11, 19);
const within = (value, low, high) => Math.min(high, Math.max(low, value));

function bound(cursor) {
  const { from: start, to: end, first: begin } = cursor.dataset;
  const from = Date.parse(start), to = Date.parse(end), first = Date.parse(begin), step = 1000 * Number(cursor.dataset.step);
  const values = cursor.dataset.values.split("|");
  const links = document.getElementById(cursor.dataset.brush);
  const [mark, cross, words] = cursor.children;
  if (!links || !(to > from) || !(step > 0)) return;
  let here = values.length - 1, anchor = null, span = null, dragged = false; // anchor: where the mark starts, while it is made
  const time = place => first + place * step;
  const percent = moment => 100 * within((moment - from) / (to - from), 0, 1);
  const at = event => {
    const box = cursor.getBoundingClientRect();
    return within(Math.floor((from + (event.clientX - box.left) / box.width * (to - from) - first) / step), 0, values.length - 1);
  };

  const point = place => {
    here = place;
    const middle = percent(time(here) + (cursor.dataset.bars ? step / 2 : 0));
    cross.style.left = `${middle}%`;
    words.style.left = `${middle}%`;
    words.classList.toggle("before", middle > 50);
    words.textContent = `${shown(time(here))} ${values[here]}`;
    cursor.setAttribute("aria-valuenow", String(here));
    const marked = span ? `, marked ${shown(span[0])} to ${shown(span[1])}` : "";
    cursor.setAttribute("aria-valuetext", `${shown(time(here))} UTC: ${values[here]}${marked}`);
  };
  const marking = () => {
    span = [time(Math.min(anchor, here)), time(Math.max(anchor, here)) + step];
    mark.style.left = `${percent(span[0])}%`;
    mark.style.width = `${percent(span[1]) - percent(span[0])}%`;
    links.hidden = false;
    links.querySelector("[data-span]").textContent = `${shown(span[0])} to ${shown(span[1])}`;
    for (const link of links.querySelectorAll("a[data-with-span]")) {
      const address = new URL(link.href);
      address.searchParams.set("from", stamp(span[0]));
      address.searchParams.set("to", stamp(span[1]));
      link.href = address;
    }
    point(here);
  };
  const clear = () => {
    anchor = span = null;
    mark.style.width = "0";
    links.hidden = true;
    point(here);
  };
  const move = place => {
    point(within(place, 0, values.length - 1));
    if (anchor !== null) marking();
  };

  cursor.hidden = false;
  point(here);
  cursor.addEventListener("focus", () => cursor.scrollIntoView({ block: "nearest", inline: "center" })); // charts stand beside each other where it is narrow
  cursor.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const far = event.shiftKey ? Math.max(1, Math.round(1000 * PAGE / step)) : 1;
    const steps = { ArrowLeft: here - far, ArrowRight: here + far, Home: 0, End: values.length - 1 };
    if (event.key in steps) move(steps[event.key]);
    else if (event.key === "b" && anchor === null) { anchor = here; marking(); }
    else if (event.key === "b") anchor = null;
    else if (event.key === "Enter" && span) links.querySelector("a[data-ask]").click();
    else if (event.key === "Escape" && span) clear();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  cursor.addEventListener("pointerdown", event => { dragged = true; anchor = at(event); cursor.setPointerCapture(event.pointerId); });
  cursor.addEventListener("pointermove", event => { if (dragged) move(at(event)); else if (anchor === null) point(at(event)); });
  for (const over of ["pointerup", "pointercancel"]) cursor.addEventListener(over, () => { dragged = false; anchor = null; });
}

export function brushing() {
  for (const cursor of document.querySelectorAll("[data-brush][hidden]")) bound(cursor);
}
