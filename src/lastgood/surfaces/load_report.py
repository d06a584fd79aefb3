"""What loading did, in words: per input what it was taken for, and where every line went."""

from collections.abc import Iterator, Mapping
from typing import Any

from lastgood.model import figures
from lastgood.model.loading import AHEAD, Aside, Loaded, LoadReport
from lastgood.model.redaction import Redacted
from lastgood.surfaces import wording
from lastgood.surfaces.wording import PLAIN

DRY_RUN = "Dry run: nothing was stored. To store it, run the same without --explain and --propose-map."
MOST_SERVICES = 8
MOST_COPIES = 4


def account_text(report: LoadReport, *, dry: bool = False) -> str:
    """Every input's account, a paragraph each, and the sum."""
    paragraphs = ["\n".join(_account(given)) for given in report.inputs]
    return "\n\n".join([*paragraphs, summary(report, dry=dry)]).translate(PLAIN) + "\n"


def summary(report: LoadReport, *, dry: bool = False) -> str:
    """`3 inputs: 120 034 lines, 120 030 events, 4 rejects; 120 030 rows stored`; of a dry run, that could be."""
    lines, events = sum(i.lines for i in report.inputs), sum(i.events for i in report.inputs)
    rejects = sum(i.rejects for i in report.inputs)
    parts = [
        figures.counted(lines, "line"),
        figures.counted(events, "event"),
        figures.counted(rejects, "reject"),
    ]
    inputs = figures.counted(len(report.read), "input")
    text = f"{inputs}: {', '.join(parts)}; {figures.counted(report.rows, 'row')} {'to store' if dry else 'stored'}"
    if same := report.left_aside(Aside.SAME):
        text += f"; {figures.counted(len(same), 'other name')} of the same files not read again"
    if report.redacted:
        text += f"; redacted: {_kinds(report.redacted)}"
    return text.translate(PLAIN)


def _kinds(redacted: Mapping[Redacted, int]) -> str:
    """`card in 1 value, email in 1 204 values`."""
    return ", ".join(f"{kind} in {figures.counted(many, 'value')}" for kind, many in sorted(redacted.items()))


def troubles(report: LoadReport) -> Iterator[str]:
    """What was not taken, one line each; nothing when all went in."""
    yield from _untouched(report)
    for given in report.inputs:
        if given.source and given.problem:
            yield f"{given.name}: {given.problem}".translate(PLAIN)
    if ahead := [given.name for given in report.inputs if given.ahead]:
        yield f"{wording.listed(ahead)}: {AHEAD}".translate(PLAIN)
    rejected = [given for given in report.inputs if given.rejects]
    if rejected:
        total = figures.counted(sum(given.rejects for given in rejected), "line")
        names = wording.listed(given.name for given in rejected)
        yield f"{total} rejected in {names}".translate(PLAIN)
    for copy in report.copies[:MOST_COPIES]:
        yield f"{copy.name} holds the same events as {copy.of}: they count twice. Name only one of them.".translate(
            PLAIN
        )
    if len(report.copies) > MOST_COPIES:
        yield f"and {figures.counted(len(report.copies) - MOST_COPIES, 'more pair')} of inputs with the same events"


def _untouched(report: LoadReport) -> Iterator[str]:
    """What was not read at all, by the reason."""
    links = report.left_aside(Aside.LINK)
    if links:
        yield (
            f"not followed: {figures.counted(len(links), 'link')} out of what was named: {wording.listed(links)}. "
            "Pass --follow-links, or name what they lead to as well."
        )
    members = report.left_aside(Aside.MEMBER)
    if members:
        count = figures.counted(len(members), "member")
        yield f"not read: {count} of archives: {wording.listed(members)}. See why with load --explain."
    unknown = [given.name for given in report.read if not given.source and not given.failure]
    if unknown:
        yield f"not recognised: {wording.listed(unknown)}"
    for failure in dict.fromkeys(given.failure for given in report.read if given.failure):
        names = wording.listed(given.name for given in report.read if given.failure == failure)
        yield f"{names}: not read, because {failure}".translate(PLAIN)


def account_document(report: LoadReport) -> list[dict[str, Any]]:
    """Every input's account as JSON values."""
    return [_document(given) for given in report.inputs]


def _account(given: Loaded) -> Iterator[str]:
    yield given.name
    if given.aside is not None:
        yield f"  is      left aside: {given.problem}"
        return
    if given.source:
        yield f"  is      {given.format} ({given.source}): {given.because}"
    else:
        why = (
            f"not read, because {given.failure}"
            if given.failure
            else f"nothing known: {given.because or given.problem}"
        )
        yield f"  is      {why}"
    kinds = (("event", given.events), ("continuation", given.continuations), ("blank", given.blanks),
             ("reject", given.rejects))  # fmt: skip
    parts = [figures.counted(number, name) for name, number in kinds if number or name == "event"]
    yield f"  lines   {figures.count(given.lines)} = {' + '.join(parts)}"
    yield from _stored(given)
    for reject in given.first_rejects:
        yield f"  reject  line {reject.line}: {reject.reason}: {' '.join(reject.text.split())[:100]}"
    if given.source and given.problem:
        yield f"  problem {given.problem}"


def _stored(given: Loaded) -> Iterator[str]:
    if given.rows:
        yield "  rows    " + ", ".join(
            f"{figures.count(n)} in {table}" for table, n in sorted(given.rows.items())
        )
    if given.services:
        yield f"  from    {wording.listed(given.services, MOST_SERVICES)}"
    if given.window:
        start, end = figures.stamp(given.window.start), figures.stamp(given.window.end)
        yield f"  times   {start} to {end} ({figures.duration(given.window.seconds)})"
    if given.redacted:
        yield f"  redacted {_kinds(given.redacted)}"


def _document(given: Loaded) -> dict[str, Any]:
    return {
        "name": given.name,
        "source": given.source or None,
        "format": given.format or None,
        "because": given.because,
        "lines": given.lines,
        "events": given.events,
        "continuations": given.continuations,
        "blanks": given.blanks,
        "rejects": given.rejects,
        "first_rejects": [
            {"line": reject.line, "reason": reject.reason, "text": reject.text}
            for reject in given.first_rejects
        ],
        "services": list(given.services),
        "from": figures.stamp(given.window.start) if given.window else None,
        "to": figures.stamp(given.window.end) if given.window else None,
        "rows": given.rows,
        "redacted": {kind.value: many for kind, many in sorted(given.redacted.items())},
        "problem": given.problem or None,
        "aside": given.aside.name.lower() if given.aside else None,
    }
