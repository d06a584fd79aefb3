"""Log lines, histograms and pattern counts in words and as JSON."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from lastgood.model import figures
from lastgood.surfaces.wording import PLAIN, TIMES, json_text
from lastgood.workbench.logs import LogHistogram, LogLine, LogPattern, LogsFound

BAR = 50
LEVELS = ("fatal", "error", "warn", "info", "debug", "trace", "")


def line_text(line: LogLine) -> str:
    """`2026-11-22 14:45:23.120 error payments  Charge failed`; lines around a match begin with a blank."""
    mark = "" if line.matched else "  "
    head = f"{line.time:%Y-%m-%d %H:%M:%S}.{line.time.microsecond // 1000:03d}"
    first, *rest = line.body.splitlines() or [""]
    text = f"{mark}{head} {line.level or '-':<5} {line.service or '-'}  {first}"
    return "\n".join([text, *(f"{mark}    {more}" for more in rest)]).translate(PLAIN)


def line_json(line: LogLine) -> str:
    """One object on one line."""
    row = {
        "time": figures.stamp(line.time),
        "service": line.service,
        "level": line.level or None,
        "body": line.body,
        "trace_id": line.trace_id or None,
        "instance": line.instance or None,
        "attributes": dict(line.attributes),
        "resource": dict(line.resource),
        "matched": line.matched,
    }
    return json_text(row)


def found_note(found: LogsFound) -> str:
    """What the lines alone do not say: that a limit was reached, that nothing matched, or that nothing is there."""
    window = f"{figures.stamp(found.window.start)} to {figures.stamp(found.window.end)}"
    if not found.searched:
        note = f"no data: there are no lines from {window}"
    elif not found.matched:
        note = f"no match: {figures.counted(found.searched, 'line')} searched, from {window}"
    elif found.cut_off:
        shown = sum(line.matched for line in found.lines)
        note = f"limit reached: the newest {figures.count(shown)} of {figures.count(found.matched)} matching lines"
    else:
        note = ""
    return note.translate(PLAIN)


def histogram_text(found: LogHistogram) -> str:
    """A bar for each stretch of time, with the counts of its levels; one line for stretches in a row without a line."""
    totals = [sum(counts.values()) for counts in found.counts]
    top = max(totals, default=0)
    lines, place = [], 0
    for empty, rows in groupby(totals, key=lambda total: not total):
        many = len(list(rows))
        start = found.start + place * found.step
        if empty:
            end, whole = start + many * found.step, figures.duration(many * found.step.total_seconds())
            lines.append(f"{start:%m-%d %H:%M:%S} to {end:%m-%d %H:%M:%S}: no matching line in {whole}")
        for at in range(place, place if empty else place + many):
            bar = "█" * -(-BAR * totals[at] // top)
            when = found.start + at * found.step
            lines.append(f"{when:%m-%d %H:%M:%S} {bar.ljust(BAR)} {', '.join(_levels(found.counts[at]))}")
        place += many
    return "\n".join(lines).translate(PLAIN) + "\n"


def _levels(counts: Any) -> Iterator[str]:
    for level in LEVELS:
        if level in counts:
            yield f"{figures.count(counts[level])} {level or 'without a level'}"


def histogram_json(found: LogHistogram) -> dict[str, Any]:
    """The start, the step in seconds, and the counts by level."""
    return {
        "start": figures.stamp(found.start),
        "step_seconds": found.step.total_seconds(),
        "counts": [dict(counts) for counts in found.counts],
        "searched": found.searched,
    }


def pattern_text(pattern: LogPattern) -> str:
    """One line: the count, the level, the service, the pattern, and from when to when."""
    first, last = f"{pattern.first:%Y-%m-%d %H:%M:%S}", figures.clock(pattern.last, pattern.first)
    head = f"{TIMES}{figures.count(pattern.count)}".ljust(9)
    text = " ".join(pattern.template.split())
    return (
        f"{head} {pattern.level or '-':<5} {pattern.service or '-'}  {text}  [{first} to {last}]".translate(
            PLAIN
        )
    )


def pattern_json(pattern: LogPattern) -> dict[str, Any]:
    """One pattern's counts, times and a sample."""
    return {
        "id": pattern.pattern_id,
        "template": pattern.template,
        "service": pattern.service,
        "level": pattern.level or None,
        "count": pattern.count,
        "first": figures.stamp(pattern.first),
        "last": figures.stamp(pattern.last),
        "sample": pattern.sample,
    }
