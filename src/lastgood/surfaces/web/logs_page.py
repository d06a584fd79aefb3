"""Logs on their page: a query, its counts over time, facets, lines or patterns, and the lines around one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from lastgood.errors import BudgetError, QuerySyntaxError, UsageError
from lastgood.model import figures
from lastgood.model.signal import Signal
from lastgood.model.window import Window
from lastgood.surfaces.log_lines import found_note
from lastgood.surfaces.server.desk import Desk
from lastgood.surfaces.web.forms import number_or_none
from lastgood.surfaces.web.pages import page, shortened
from lastgood.surfaces.web.plots import Cursor
from lastgood.surfaces.web.times import absolute, address, span, window_in
from lastgood.workbench import explore
from lastgood.workbench.log_page import LogsPage, logs_page
from lastgood.workbench.logs import LogHistogram, LogLine

WIDE, HIGH = 1000, 80  # of the drawing
MOST_AROUND, LONGEST_QUERY, TICKS = 50, 4_000, 4
LONGEST_LINE_SHOWN, LONGEST_ASKED, MOST_FIELDS = (
    8_000,
    500,
    100,
)  # of a line: characters, of a value in a link, fields
SHORT, MOMENT = timedelta(minutes=10), timedelta(milliseconds=1)
FACETS = ("level", "service", "instance", "version", "trace")
_TONES = {"fatal": "bad", "error": "bad", "warn": "due"}
_ORDER = ("info", "warn", "error")  # from the bottom of a bar


@dataclass(frozen=True, slots=True)
class Bar:
    """A part of a bar of the histogram."""

    x: float
    y: float
    width: float
    height: float
    tone: str


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line as the page shows it."""

    at: str
    level: str
    tone: str
    service: str
    body: str
    more: str  # lines of the body after the first
    trace: str
    fields: tuple[tuple[str, str, str], ...]  # name, value, the query that asks for it too
    around: str  # address of the lines around it
    matched: bool


@dataclass(frozen=True, slots=True)
class FacetRow:
    """A value of a field."""

    value: str
    count: str
    share: float
    address: str


async def show(request: Request, desk: Desk) -> Response:
    """The page."""
    given, now = request.query_params, desk.service.clock()
    query, view = given.get("q", "").strip(), given.get("view", "lines")
    if len(query) > LONGEST_QUERY:
        raise UsageError(f"A query has at most {figures.count(LONGEST_QUERY)} characters.")
    window = window_in(request, now)
    if window is None:
        latest = await desk.run(explore.latest, desk.service.store, now, Signal.LOGS)
        return absolute(request, **span(latest))
    around = min(number_or_none(given.get("around", "")) or 0, MOST_AROUND)
    found, problem, status = None, "", 200
    try:
        async with desk.browsing:
            found = await desk.run(
                logs_page, desk.service, query, window, around=around, patterns=view == "patterns"
            )
    except QuerySyntaxError as fault:
        problem, status = f"{fault.message} {fault.hint}".strip(), 400
    except BudgetError:
        problem, status = "This reads more than a page may. Choose a shorter time, or a service.", 400
    shown = _shown(found, query, window) if found else {}
    return page(
        request, desk, "logs.html", status, query=query, view=view, window=span(window), problem=problem,
        found=found, around=around, links=links_of(query, window), **shown,
    )  # fmt: skip


def links_of(query: str, window: Window) -> dict[str, str]:
    """Where a query and a window lead to."""
    times = span(window)
    return {
        "lines": address("/logs", q=query, **times),
        "patterns": address("/logs", q=query, view="patterns", **times),
        "live": address("/logs/live", q=query),
        "ask": address("/ask", **times),
        "compare": address("/compare", **span(window, "bad_from", "bad_to")),
    }


def _shown(found: LogsPage, query: str, window: Window) -> dict[str, object]:
    counts, drawn = found.histogram.counts, found.found.window  # what there are data of
    totals: dict[str, int] = {}
    for one in counts:
        for level, lines in one.items():
            totals[level or "none"] = totals.get(level or "none", 0) + lines
    return {
        "note": _note(found),
        "bars": list(bars(found.histogram, drawn)),
        "chart": cursor_of(found.histogram, drawn),
        "ticks": _ticks(drawn),
        "totals": [
            (level, figures.count(n), "bad" if _TONES.get(level) == "bad" else "")
            for level, n in totals.items()
        ],
        "lines": [line_row(one, query, window) for one in reversed(found.found.lines)],
        "facets": [
            (one.name, list(_facet(one.name, one.values, query, window)))
            for one in sorted(found.facets, key=lambda one: FACETS.index(one.name))
        ],
        "patterns": _patterns(found),
    }


def _note(found: LogsPage) -> str:
    if found.patterns is None or not found.patterns.patterns:
        return found_note(found.found)
    return f"{figures.counted(found.patterns.total, 'pattern')}, the most frequent first"


def bars(histogram: LogHistogram, window: Window) -> Iterator[Bar]:
    """The histogram as rectangles on an axis of the window: errors above warnings above the rest."""
    top = max((sum(one.values()) for one in histogram.counts), default=0)
    first, width = (
        (histogram.start - window.start) / window.length * WIDE,
        histogram.step / window.length * WIDE,
    )
    for place, counts in enumerate(histogram.counts):
        bottom = float(HIGH)
        for kind in _ORDER:
            lines = sum(n for level, n in counts.items() if _kind(level) == kind)
            if lines:
                height = HIGH * lines / top
                bottom -= height
                yield Bar(
                    round(first + place * width + min(0.5, width / 10), 1),
                    round(bottom, 1),
                    round(width - min(1.0, width / 5), 1),
                    round(height, 1),
                    kind,
                )


def cursor_of(histogram: LogHistogram, window: Window) -> Cursor:
    """What is read of the bars one by one: lines of all levels, and the errors among them."""
    values = []
    for counts in histogram.counts:
        errors = sum(n for level, n in counts.items() if _kind(level) == "error")
        of = f", {figures.counted(errors, 'error')}" if errors else ""
        values.append(f"{figures.counted(sum(counts.values()), 'line')}{of}")
    return Cursor(
        figures.stamp(window.start),
        figures.stamp(window.end),
        figures.stamp(histogram.start),
        histogram.step.total_seconds(),
        tuple(values),
        bars=True,
    )


def _kind(level: str) -> str:
    return "error" if level in {"error", "fatal"} else "warn" if level == "warn" else "info"


def _ticks(window: Window) -> list[str]:
    form = "%H:%M:%S" if window.length < SHORT else "%H:%M"
    return [f"{window.start + window.length * part / TICKS:{form}}" for part in range(TICKS + 1)]


def line_row(one: LogLine, query: str, window: Window) -> LineRow:
    """A line with the addresses of its neighbours and of the lines that are like it, in a window."""
    first, *rest = one.body[:LONGEST_LINE_SHOWN].splitlines() or [""]
    if len(one.body) > LONGEST_LINE_SHOWN:
        rest.append(f"… {figures.count(len(one.body) - LONGEST_LINE_SHOWN)} more characters")
    fields = {**one.attributes, **one.resource, **({"instance": one.instance} if one.instance else {})}
    at = f"timestamp:[{figures.stamp(one.time)} TO {figures.stamp(one.time + MOMENT)}]"
    return LineRow(
        f"{one.time:%H:%M:%S}.{one.time.microsecond // 1000:03d}",
        one.level,
        _TONES.get(one.level, ""),
        one.service,
        shortened(first),
        "\n".join(rest),
        one.trace_id,
        tuple(
            (
                shortened(name),
                shortened(value),
                address("/logs", q=narrowed(query, name, value), **span(window))
                if len(value) <= LONGEST_ASKED
                else "",
            )
            for name, value in sorted(fields.items())[:MOST_FIELDS]
        ),
        address("/logs", q=narrowed(at, "service", one.service), around="5", **span(window)),
        one.matched,
    )


def narrowed(query: str, name: str, value: str) -> str:
    """A query that also asks for a value of a field."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    term = f'{name}:"{escaped}"' if value else f"NOT {name}:*"
    if term in query:
        return query
    return f"({query}) AND {term}" if query and " OR " in query else f"{query} AND {term}" if query else term


def _facet(name: str, values: tuple[tuple[str, int], ...], query: str, window: Window) -> Iterator[FacetRow]:
    most = max((lines for _, lines in values), default=1)
    for value, lines in values:
        chosen = _chosen(name, value, query)
        yield FacetRow(
            shortened(value) or "not set",
            figures.count(lines),
            round(100 * lines / most, 1),
            address("/logs", q=chosen, **span(window)),
        )


def _chosen(name: str, value: str, query: str) -> str:
    if name == "trace":
        term = "trace:*" if value == "has a trace" else "NOT trace:*"
        return f"{query} AND {term}" if query else term
    return narrowed(query, name, value)


def _patterns(found: LogsPage) -> list[Mapping[str, str]]:
    if found.patterns is None:
        return []
    return [
        {
            "count": figures.count(one.count), "level": one.level, "tone": _TONES.get(one.level, ""), "service": one.service,
            "template": shortened(" ".join(one.template.split())), "first": f"{one.first:%H:%M:%S}", "last": f"{one.last:%H:%M:%S}",
            "sample": shortened(one.sample),
        }
        for one in found.patterns.patterns
    ]  # fmt: skip
