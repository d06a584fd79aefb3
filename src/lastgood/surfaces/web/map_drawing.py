"""The map of services as an SVG: boxes in columns, and an arrow for each pair of which one calls the other."""

from collections.abc import Collection, Iterator, Sequence

from markupsafe import Markup, escape

from lastgood.model import figures
from lastgood.workbench.service_map import Called, ServiceMap

BOX, HIGH, ACROSS, DOWN, EDGE = 150, 40, 250, 64, 12  # of boxes, of their places, and around all
LONGEST_NAME = 19  # characters that fit into a box


def drawn(found: ServiceMap, silent: Collection[str]) -> Markup:
    """The map; its words and shapes tell as much as its colours."""
    calls, columns = found.calls, found.columns
    tallest = max(map(len, columns), default=0)
    places = {
        name: (EDGE + n * ACROSS, EDGE + row * DOWN + (tallest - len(column)) * DOWN // 2)
        for n, column in enumerate(columns)
        for row, name in enumerate(column)
    }
    width, height = (len(columns) - 1) * ACROSS + BOX + 2 * EDGE, (tallest - 1) * DOWN + HIGH + 2 * EDGE
    outside = {one.callee for one in calls if one.outside} - {one.caller for one in calls}
    failing = sum(one.failing for one in calls)
    label = f"Who calls whom: {figures.counted(len(places), 'service')}, {failing} of {figures.counted(len(calls), 'pair')} failing. The table has the same."
    parts = [_arrow(one, places) for one in sorted(calls, key=lambda one: one.failing)]
    parts += [_box(name, at, *_words(name, silent, outside)) for name, at in places.items()]
    parts += _labels(calls, places)
    return Markup(  # noqa: S704 - numbers of ours, texts escaped
        f'<svg class="map" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img" aria-label="{escape(label)}">'
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto">'
        '<path class="tip" d="M0 0L8 4L0 8z"/></marker></defs>'
        f"{''.join(parts)}</svg>"
    )


def _words(name: str, silent: Collection[str], outside: Collection[str]) -> tuple[str, str]:
    """What a service is beside its name: a class, and a word."""
    if name in silent:
        return "silent", "silent"
    return ("outside", "sends no spans") if name in outside else ("", "")


def _box(name: str, at: tuple[int, int], kind: str, word: str) -> str:
    x, y = at
    shown = name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
    middle = y + (17 if word else 24)
    below = f'<text class="word" x="{x + BOX // 2}" y="{y + 32}">{word}</text>' if word else ""
    return (
        f'<g class="box {kind}"><title>{escape(name)}</title><rect x="{x}" y="{y}" width="{BOX}" height="{HIGH}" rx="{20 if kind == "outside" else 6}"/>'
        f'<text x="{x + BOX // 2}" y="{middle}">{escape(shown)}</text>{below}</g>'
    )


def _ends(one: Called, places: dict[str, tuple[int, int]]) -> tuple[int, int, int, int]:
    """From where to where an arrow leads: from the right side to the left one, or back below the boxes."""
    (x, y), (to_x, to_y) = places[one.caller], places[one.callee]
    return x + BOX, y + HIGH // 2, to_x, to_y + HIGH // 2


def _arrow(one: Called, places: dict[str, tuple[int, int]]) -> str:
    x, y, to_x, to_y = _ends(one, places)
    bend = (to_x - x) // 2 if to_x > x else ACROSS // 3
    kind = "call failing" if one.failing else "call"
    return f'<path class="{kind}" d="M{x} {y}C{x + bend} {y} {to_x - bend} {to_y} {to_x} {to_y}" marker-end="url(#tip)"/>'


def _labels(calls: Sequence[Called], places: dict[str, tuple[int, int]]) -> Iterator[str]:
    for one in calls:
        if one.failing:
            x, y, to_x, to_y = _ends(one, places)
            share = figures.percent(one.failed / one.calls)
            yield f'<text class="share-failing" x="{(x + to_x) // 2}" y="{(y + to_y) // 2 - 6}">{share} fail</text>'
