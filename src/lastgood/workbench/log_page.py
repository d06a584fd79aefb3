"""Log page: the lines that a query finds in a window, their counts over time and by field, and their patterns."""

from dataclasses import dataclass, replace

from lastgood.model.window import Window
from lastgood.readings.views.lines import Facet, Lines
from lastgood.workbench.explore import browsed
from lastgood.workbench.logs import Asked, LogHistogram, LogsFound, PatternsFound, histogram_in, lines_of
from lastgood.workbench.service import Service

BUCKETS, MOST_MATCHES, MOST_RANKED, MOST_CHOICES = 76, 200, 50, 6


@dataclass(frozen=True, slots=True)
class LogsPage:
    """Lines, or patterns, with their counts over time and by field."""

    found: LogsFound
    histogram: LogHistogram
    facets: tuple[Facet, ...]
    patterns: PatternsFound | None


def logs_page(service: Service, query: str, window: Window, *, around: int, patterns: bool) -> LogsPage:
    """What a log query finds.

    Raises:
        QuerySyntaxError: the query cannot be parsed, or names what nothing has.
        NoDataError: there are no logs at all.
        BudgetError: it would read more than a page may.
    """
    lines = lines_of(browsed(service), Asked(query, service.clock(), service.config.zone, window))
    histogram = histogram_in(lines, BUCKETS)
    matched = sum(sum(one.values()) for one in histogram.counts)
    searched = lines if around else replace(lines, window=_newest(histogram, matched, lines.window))
    newest, provenance = searched.newest(MOST_MATCHES, around)
    return LogsPage(
        LogsFound(newest, matched, histogram.searched, lines.window, provenance),
        histogram,
        lines.facets(MOST_CHOICES),
        _ranked(lines, histogram) if patterns else None,
    )


def _newest(histogram: LogHistogram, matched: int, window: Window) -> Window:
    """The end of the window, from where the newest lines are: the rest need not be read again."""
    found = 0
    for place in reversed(range(len(histogram.counts))):
        start = histogram.start + place * histogram.step
        found += sum(histogram.counts[place].values())
        if start < window.end and found >= min(matched, MOST_MATCHES):
            return Window(start, window.end)
    return window


def _ranked(lines: Lines, histogram: LogHistogram) -> PatternsFound:
    patterns, total = lines.patterns(MOST_RANKED)
    return PatternsFound(patterns, total, histogram.searched)
