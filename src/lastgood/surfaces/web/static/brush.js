// A stretch of time is marked on a chart by dragging; then its links lead to the same page, or to the questions, for it.
const stamp = time => new Date(time).toISOString().replace(/\.\d+Z$/, "Z");

export function brushing() {
  for (const chart of document.querySelectorAll("[data-brush]")) {
    if (chart.dataset.bound) continue;
    chart.dataset.bound = "yes";
    const from = Date.parse(chart.dataset.from), to = Date.parse(chart.dataset.to);
    const links = document.getElementById(chart.dataset.brush);
    const mark = chart.querySelector(".brush");
    if (!links || !mark || !(to > from)) continue;
    let start = null;
    const along = event => {
      const box = chart.getBoundingClientRect();
      return Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    };
    const show = (low, high) => {
      mark.setAttribute("x", String(1000 * low));
      mark.setAttribute("width", String(1000 * (high - low)));
      const span = [stamp(from + low * (to - from)), stamp(from + high * (to - from))];
      links.hidden = false;
      links.querySelector("[data-span]").textContent = `${span[0].slice(11, 19)} to ${span[1].slice(11, 19)}`;
      for (const link of links.querySelectorAll("a[data-with-span]")) {
        const address = new URL(link.href);
        address.searchParams.set("from", span[0]);
        address.searchParams.set("to", span[1]);
        link.href = address;
      }
    };
    chart.addEventListener("pointerdown", event => { start = along(event); chart.setPointerCapture(event.pointerId); event.preventDefault(); });
    chart.addEventListener("pointermove", event => { if (start !== null) show(Math.min(start, along(event)), Math.max(start, along(event))); });
    chart.addEventListener("pointerup", () => { start = null; });
  }
}
