"""Findings in words and as JSON: the verdict, why, and the evidence with the queries to run it again."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import date, datetime
from enum import Enum
from math import isfinite
from textwrap import wrap
from typing import Any

from lastgood.model import figures
from lastgood.model.answers import Confirmation, Onset
from lastgood.model.evidence import (
    Absence,
    ChangeRef,
    Evidence,
    LogSample,
    Provenance,
    Scalar,
    Series,
    Table,
    TraceExcerpt,
)
from lastgood.model.finding import Finding, Verdict
from lastgood.model.trouble import Runbook
from lastgood.surfaces import wording
from lastgood.surfaces.formats import Output
from lastgood.surfaces.invocation import Command, Invocation
from lastgood.surfaces.troubles import check_lines
from lastgood.surfaces.wording import PLAIN, json_text

MOST_ROWS, NARROWEST = 12, 12  # rows; characters that a column keeps
SPARKS = "▁▂▃▄▅▆▇█"


def finding_text(finding: Finding, width: int = 100, how: Invocation | None = None) -> str:
    """A finding with its evidence in short."""
    sure = f" ({figures.confidence(finding.confidence)})" if finding.confidence is not None else ""
    lines = [f"{finding.question} {finding.verdict.value.upper()}{sure}"]
    lines += wrap(finding.because, width)
    lines += _others(finding, width, how or Invocation())
    for evidence in finding.evidence:
        lines += ["", *(line[:width] for line in _evidence_lines(evidence, width))]
    if finding.limits:
        lines += ["", *(f"not known: {limit}" for limit in finding.limits)]
    return "\n".join(lines).translate(PLAIN) + "\n"


def _others(finding: Finding, width: int, how: Invocation) -> Iterator[str]:
    """The other episodes of an onset's window, each with the command that looks at it alone; the checks of a runbook."""
    if isinstance(finding.answer, Runbook):
        yield from check_lines(finding.answer, how, width)
    if isinstance(finding.answer, Onset):
        for other in finding.answer.others:
            yield from wrap(f"also {wording.episode_line(other, finding.answer.at)}; by itself:", width)
            yield f"  {how.completed(Command(('triage',), window=other.asked))}"


def findings_written(findings: Sequence[Finding], output: Output, how: Invocation) -> str:
    """Findings as text, or as JSON with their evidence."""
    if output is Output.JSON:
        return json_text([finding_document(finding) for finding in findings], indent=2) + "\n"
    return "\n".join(finding_text(finding, how=how) for finding in findings)


def finding_document(finding: Finding) -> dict[str, Any]:
    """A finding as JSON values, its evidence with SQL, parameters and window."""
    return {
        "question": finding.question,
        "verdict": finding.verdict.value,
        "confidence": finding.confidence,
        "because": figures.spaced(finding.because),
        "answer": spaced_values(plain_values(finding.answer)) if finding.answer else None,
        "evidence": [evidence_document(evidence) for evidence in finding.evidence],
        "limits": [figures.spaced(limit) for limit in finding.limits],
    }


def spaced_values(value: Any) -> Any:
    """JSON values with ordinary spaces in their sentences, as programs look for them."""
    if isinstance(value, str):
        return figures.spaced(value)
    if isinstance(value, list):
        return [spaced_values(one) for one in value]
    if isinstance(value, dict):
        return {name: spaced_values(one) for name, one in value.items()}
    return value


def evidence_document(evidence: Evidence) -> dict[str, Any]:
    """One piece of evidence as JSON values."""
    content = {name: _plain(value) for name, value in asdict(evidence).items() if name != "provenance"}
    return {"kind": _KINDS[type(evidence)], **content, "provenance": _provenance(evidence.provenance)}


def exit_status(findings: Sequence[Finding]) -> int:
    """1 when a problem is confirmed, 3 when nothing was decided, else 0."""
    if any(f.verdict is Verdict.YES and isinstance(f.answer, Confirmation | Runbook) for f in findings):
        return 1
    return 0 if any(f.verdict is not Verdict.UNKNOWN for f in findings) else 3


_KINDS: dict[type, str] = {
    Series: "series",
    Table: "table",
    LogSample: "log_sample",
    TraceExcerpt: "trace_excerpt",
    ChangeRef: "change",
    Absence: "absence",
}


def evidence_title(evidence: Evidence) -> str:
    """What a piece of evidence shows."""
    match evidence:
        case Series(title=title, unit=unit):
            return f"{title}, {unit}" if unit else title
        case Table(title=title) | LogSample(title=title):
            return title
        case TraceExcerpt(trace_id=trace_id):
            return f"trace {trace_id}"
        case ChangeRef(change_id=change_id):
            return f"change {change_id}"
        case Absence(what=what):
            return f"nothing: {what}"


def evidence_rows(evidence: Evidence) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """A piece of evidence as a header and rows of words; empty where there is nothing to tabulate."""
    match evidence:
        case Table(columns=columns, rows=rows):
            return columns, [tuple(_cell(value) for value in row) for row in rows[:MOST_ROWS]]
        case LogSample(lines=lines):
            return ("time", "service", "text"), [
                (f"{time:%H:%M:%S.%f}"[:-3], service, " ".join(text.split()))
                for time, service, text in lines[:MOST_ROWS]
            ]
        case TraceExcerpt(spans=spans):
            return ("service", "span", "ms", ""), [
                ("  " * depth + service, name, figures.number(millis, 1), "failed" if failed else "")
                for depth, service, name, millis, failed in spans[:40]
            ]
        case _:
            return (), []


def sparkline(values: Iterable[float | None], width: int = 60) -> str:
    """Values as bars of text, a dot where there are none."""
    every = list(values)
    size = max(1, -(-len(every) // width))
    cells = [[v for v in every[i : i + size] if v is not None] for i in range(0, len(every), size)]
    means = [sum(cell) / len(cell) if cell else None for cell in cells]
    top = max((mean for mean in means if mean is not None), default=0.0)
    return "".join("·" if mean is None else SPARKS[round(7 * mean / top) if top > 0 else 0] for mean in means)


def _evidence_lines(evidence: Evidence, width: int) -> Iterator[str]:
    yield evidence_title(evidence)
    if isinstance(evidence, Series) and evidence.times:
        start, end = evidence.times[0], evidence.times[-1]
        yield f"  {start:%H:%M} {sparkline(evidence.values)} {end:%H:%M}"
    header, rows = evidence_rows(evidence)
    yield from aligned(header, rows, width)
    if header and not rows:
        yield "  none"
    shown = evidence.provenance
    more = ", cut off by a limit" if shown.cut_off else ""
    yield f"  from {figures.counted(shown.rows, 'row')} in {figures.duration(shown.seconds)}{more}; -o json has the query"


def aligned(header: tuple[str, ...], rows: list[tuple[str, ...]], width: int = 100) -> Iterator[str]:
    """Rows of words in columns; where they are too wide, the widest columns are cut, with a mark."""
    if not rows:
        return
    widths = [max(len(row[i]) for row in (header, *rows)) for i in range(len(header))]
    while sum(widths) + 2 * len(widths) > width and max(widths) > NARROWEST:
        widths[widths.index(max(widths))] -= 1
    for row in (header, *rows):
        cells = (fitted(cell, size).ljust(size) for cell, size in zip(row, widths, strict=True))
        yield f"  {'  '.join(cells).rstrip()}"


def fitted(cell: str, size: int) -> str:
    """A text that is no longer than so many characters; a mark where it is cut."""
    return cell if len(cell) <= size else f"{cell[: size - 1]}…"


def _cell(value: Scalar) -> str:
    match value:
        case None:
            return "–"  # noqa: RUF001 - a dash
        case bool():
            return "yes" if value else "no"
        case float():
            return figures.amount(value, digits=4)
        case datetime():
            return figures.stamp(value)
        case _:
            return " ".join(str(value).split())


def _provenance(provenance: Provenance) -> dict[str, Any]:
    window = provenance.window
    return {
        "sql": provenance.sql,
        "parameters": _plain(dict(provenance.parameters)),
        "window": {"from": figures.stamp(window.start), "to": figures.stamp(window.end)} if window else None,
        "rows": provenance.rows,
        "seconds": round(provenance.seconds, 4),
        "cut_off": provenance.cut_off,
    }


def plain_values(content: Any) -> dict[str, Any]:
    """A dataclass as JSON values: times as RFC 3339, enumerations by their value."""
    values: dict[str, Any] = _plain(asdict(content))
    return values


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, frozenset):
        return sorted(map(_plain, value))
    return _plain_scalar(value)


def _plain_scalar(value: Any) -> Any:
    match value:
        case datetime():
            return figures.stamp(value)
        case date():
            return value.isoformat()
        case Enum():
            return value.value
        case float() if not isfinite(value):
            return None
        case _:
            return value
