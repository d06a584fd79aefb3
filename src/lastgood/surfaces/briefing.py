"""The briefing of a handover: half a page with what is known, ruled out, tried, to be checked and due."""

from collections.abc import Iterator

from lastgood.model import figures
from lastgood.model.hypothesis import Standing
from lastgood.surfaces import hypotheses, numbers, wording
from lastgood.surfaces.actions import state_line
from lastgood.surfaces.incident_page import due_time, headline, notified_line
from lastgood.surfaces.wording import PLAIN
from lastgood.workbench.handover import Known

MOST_REPORTED = 4  # lines of a section

Reported = tuple[str, tuple[str, ...]]


def briefing(found: Known) -> tuple[Reported, ...]:
    """Sections with their lines; one about which nothing is known says so."""
    sections = (
        ("Known", _known(found), "Nothing is measured yet."),
        ("Ruled out", _ruled_out(found), "Nothing yet."),
        ("Tried", _tried(found), "Nothing yet: no action is on the record."),
        ("Next check", _next(found), "No check is open. Add a hypothesis with a prediction."),
        ("Next update", _due(found), "None is due."),
    )
    known = tuple((label, tuple(lines)[:MOST_REPORTED] or (nothing,)) for label, lines, nothing in sections)
    notified = tuple(f"{one.name}: {notified_line(one, found.now)}" for one in found.recipients)
    return (*known, ("Notified", notified)) if notified else known


def briefing_text(found: Known) -> str:
    """The same as text."""
    lines = [headline(found.incident)]
    for label, reported in briefing(found):
        lines += ["", label, *(f"  {line}" for line in reported)]
    return "\n".join(lines).translate(PLAIN) + "\n"


def _known(found: Known) -> Iterator[str]:
    incident = found.incident
    said = incident.confirmed or incident.triaged
    if said is None:
        return
    seconds = said.comparison.bad.seconds if said.comparison else None
    end = incident.ended_at
    line = wording.impact_line(said.impact, seconds, over=end is not None) if said.impact else ""
    yield line or said.because
    if said.since is not None:
        ended = f", until {figures.clock(end, found.now)}" if end else ", ongoing"
        yield f"since {figures.clock(said.since, found.now)} UTC{ended}"
    where = (
        f"last good {said.path.last_good or 'not known'}, first bad {said.path.first_bad}"
        if said.path
        else ""
    )
    who = wording.segment_line(said.segments[0], wording.harm_of(said.impact)) if said.segments else ""
    yield from filter(None, (who, where))


def _ruled_out(found: Known) -> Iterator[str]:
    for one in found.search.board.standing(Standing.RULED_OUT):
        yield f"{numbers.hypothesis(one.number)} {one.added.text}: {hypotheses.standing_reason(one)}"
    said = found.incident.confirmed
    if said and said.not_roll_back:
        yield said.not_roll_back


def _tried(found: Known) -> Iterator[str]:
    for one in found.incident.actions:
        what = f"{wording.plain(one.begun.what)} {one.begun.target}"
        yield f"{figures.clock(one.begun_at, found.now)} {what}: {state_line(one, found.now)}"


def _next(found: Known) -> Iterator[str]:
    for one in found.search.board.standing(Standing.SUPPORTED):
        yield f"supported: {numbers.hypothesis(one.number)} {one.added.text}"
    if found.search.board.separation:
        yield hypotheses.separation_line(found.search.board, found.search.board.separation)
    elif needed := hypotheses.no_check_line(found.search.board):
        yield needed


def _due(found: Known) -> Iterator[str]:
    for due in found.owed:
        yield f"{due.audience}: {due_time(due, found.now)}"
