"""Probe: an address of HTTP asked from here, on the record of the incident."""

from dataclasses import replace
from datetime import datetime

from lastgood.errors import UsageError
from lastgood.model.entry import Entry
from lastgood.model.probe_report import ProbeReport
from lastgood.outside import probe as outside
from lastgood.outside.probe import Asked
from lastgood.outside.probe.limits import Limits
from lastgood.workbench.asked_outside import Answered, keep
from lastgood.workbench.room import Room

COLUMNS = ("address", "connect_s", "tls_s", "http", "status", "first_byte_s", "total_s", "bytes", "problem")
PROBE_COMMAND, ORIGIN_OPTION = "lastgood probe ", " --origin "  # by these the record tells probes apart
Row = tuple[str, float | None, float | None, str, int | None, float | None, float | None, int, str]

__all__ = ["Asked", "Limits", "probe", "rows"]


def probe(
    asked: Asked, limits: Limits, now: datetime, room: Room | None = None
) -> tuple[ProbeReport, Entry | None]:
    """What was seen, and its entry in the record where there is a room.

    Raises:
        UsageError: it is not a URL that may be probed.
    """
    if limits.ca_file and not limits.ca_file.is_file():
        raise UsageError(f"There is no file {limits.ca_file}.", hint="--ca-file takes certificates as PEM.")
    report = outside.probe(asked, limits, now)
    entry = keep(
        room,
        Answered(
            f"{report.url}: {report.place}: {report.because}",
            f"{PROBE_COMMAND}{report.url}{f'{ORIGIN_OPTION}{asked.origin}' if asked.origin else ''}",
            report.url,
            COLUMNS,
            rows(report),
        ),
    )
    return report, entry


def rows(report: ProbeReport) -> list[Row]:
    """A row for each address and version of HTTP."""
    found: list[Row] = []
    origin = [replace(report.origin, address=f"origin {report.origin.address}")] if report.origin else []
    for one in (*report.attempts, *origin):
        problem = one.not_tried or one.network_problem or one.tls_problem
        if not one.exchanges:
            found.append((one.address, one.connected, one.secured, "", None, None, None, 0, problem))
        found += [
            (
                one.address,
                one.connected,
                one.secured,
                e.version,
                e.status,
                e.first_byte,
                e.total,
                e.size,
                e.problem,
            )
            for e in one.exchanges
        ]
    return found
