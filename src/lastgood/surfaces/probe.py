"""What a probe saw, as a table with its verdict, and as JSON."""

from collections.abc import Iterator
from typing import Any

from lastgood.model import figures
from lastgood.model.probe_report import Place, ProbeReport
from lastgood.surfaces.findings import plain_values
from lastgood.surfaces.wording import PLAIN, listed
from lastgood.workbench.probe import rows

_HEAD = ("ADDRESS", "CONNECT", "TLS", "HTTP", "STATUS", "FIRST BYTE", "TOTAL", "BYTES", "")


def probe_text(report: ProbeReport) -> str:
    """Verdict first, then resolvers, addresses, certificate, redirects, notes."""
    return "".join(f"{line.rstrip()}\n" for line in _lines(report)).translate(PLAIN)


def probe_document(report: ProbeReport) -> dict[str, Any]:
    """The report as JSON values."""
    document: dict[str, Any] = plain_values(report)
    return document


def exit_status(report: ProbeReport) -> int:
    """0 no fault seen, 1 a fault, 3 inconclusive."""
    return {Place.NONE: 0, Place.INCONCLUSIVE: 3}.get(report.place, 1)


def _lines(report: ProbeReport) -> Iterator[str]:
    inconclusive = report.place is Place.INCONCLUSIVE
    yield f"{report.place.value.upper()}{', because' if inconclusive else ':'} {report.because}"
    yield f"{report.url} at {figures.stamp(report.at)}"
    for one in report.resolved:
        ttl = "" if one.ttl is None else f", TTL {figures.duration(one.ttl)}"
        yield f"  DNS {one.resolver}: {one.problem or listed(one.addresses)}{ttl}, {figures.duration(one.seconds)}"
    yield from _table(report)
    for shown in {one.certificate: None for one in report.attempts if one.certificate}:
        yield f"  certificate {shown.subject}, by {shown.issuer}, for {listed(shown.names) or 'no name'}"
        yield f"    valid {figures.stamp(shown.not_before)} to {figures.stamp(shown.not_after)}; chain: {' < '.join(shown.chain)}"
    for other in report.elsewhere:
        took = f", {figures.duration(other.total)}" if other.status else ""
        yield f"  from {other.host}: {other.problem or f'status {other.status}{took}'}"
    for hop in report.hops:
        yield f"  redirect {hop.url}: {hop.problem or hop.status}"
    for attempt in (*report.attempts, *([report.origin] if report.origin else ())):
        for answer in attempt.exchanges[:1]:
            reported = ", ".join(f"{name}: {value}" for name, value in (answer.headers or {}).items())
            yield f"  headers {attempt.address}: {reported or 'none about caches'}"
            yield from (f"    | {line}" for line in answer.body.splitlines())
    yield from (f"  note: {note}" for note in report.notes)


def _table(report: ProbeReport) -> Iterator[str]:
    def time(value: float | None) -> str:
        return "" if value is None else figures.duration(value)

    table = [_HEAD] + [
        (
            address,
            time(up),
            time(tls),
            http,
            str(status or ""),
            time(first),
            time(total),
            figures.count(size) if http else "",
            problem,
        )
        for address, up, tls, http, status, first, total, size, problem in rows(report)
    ]
    widths = [max(len(row[place]) for row in table) for place in range(len(_HEAD))]
    if len(table) > 1:
        for row in table:
            yield "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
