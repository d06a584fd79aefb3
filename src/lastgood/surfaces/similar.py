"""What incidents teach together, in words: similar ones, and the track record."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lastgood.model import figures
from lastgood.model.incident import Incident
from lastgood.surfaces import wording
from lastgood.surfaces.card import Card, Row, Section, Tone
from lastgood.surfaces.findings import plain_values
from lastgood.surfaces.incident_page import headline
from lastgood.surfaces.invocation import command
from lastgood.workbench.similar import Similar

if TYPE_CHECKING:  # a room is shown at once: what measures trends is imported by who asks for them
    from lastgood.workbench.track_record import Group, Spread, TrackRecord

FEW = 5  # incidents, under which a median is hardly one
CLEAR = 0.05  # the chance under which a trend is reported
_HEADINGS = {
    "cause": "cause",
    "symptoms": "words of the log lines",
    "place": "place",
    "segments": "whom it hit",
    "title": "title",
}


def similar_card(incident: Incident, found: Sequence[Similar]) -> Card:
    """The incidents that are like this one, with what they share and what helped."""
    if not found:
        row = Row(("no earlier incident has its symptoms and its cause",))
        if incident.confirmed is None:
            why = "it is not assessed, so there is little to compare it by"
            row = Row((why,), command=command("incident", "assess"))
        return Card(headline(incident), "NOTHING SIMILAR", Tone.PLAIN, (Section("", (row,)),))
    sections = tuple(Section(f"#{one.incident.number}", tuple(_similar_rows(one))) for one in found)
    return Card(headline(incident), f"{len(found)} SIMILAR", Tone.PLAIN, sections)


def _similar_rows(one: Similar) -> Iterator[Row]:
    day = f"{one.incident.opened_at:%Y-%m-%d}"
    yield Row(
        (f"{headline(one.incident)}, {day}, {one.incident.status.value}, {figures.percent(one.score)} alike",)
    )
    for heading, words in one.shared.items():
        yield Row((f"same {_HEADINGS[heading]}: {wording.listed(words, 8)}",))
    for what in one.helped:
        yield Row((f"then: {what}",), Tone.GOOD)


def with_seen_before(card: Card, found: Sequence[Similar]) -> Card:
    """The room with a row for each of them, before what comes next."""
    rows = tuple(map(_seen_before, found))
    if not rows:
        return card
    place = next(
        (n for n, one in enumerate(card.sections) if one.label in {"LATEST", "NEXT"}), len(card.sections)
    )
    before, after = card.sections[:place], card.sections[place:]
    return replace(card, sections=(*before, Section("SEEN", rows), *after))


def _seen_before(one: Similar) -> Row:
    shared = one.shared.get("cause", ()) or one.shared.get("place", ())
    then = f" · then: {one.helped[0]}" if one.helped else ""
    what = f"{one.incident.title}, {one.incident.opened_at:%Y-%m-%d}: {wording.listed(shared, 3)}{then}"
    return Row((f"#{one.incident.number}", what))


def similar_document(found: Sequence[Similar]) -> list[dict[str, Any]]:
    """The same as JSON values."""
    return [
        {
            "incident": one.incident.number,
            "title": one.incident.title,
            "opened_at": figures.stamp(one.incident.opened_at),
            "score": round(one.score, 3),
            "shared": {heading: list(words) for heading, words in one.shared.items()},
            "helped": list(one.helped),
        }
        for one in found
    ]


def track_card(track: "TrackRecord") -> Card:
    """Medians with how many they are of, by severity and by month; a trend where there are enough."""
    groups = (track.whole, *track.severities)
    sections = (
        Section("SEVERITY", tuple(map(_group_row, groups))),
        Section("MONTH", tuple(map(_group_row, track.months))),
        Section("TREND", tuple(_trends(groups))),
        Section("LEFT", tuple(_left(track))),
    )
    behind = track.overdue + len(track.without_postmortem)
    return Card(
        figures.counted(track.whole.incidents, "incident"),
        f"{track.overdue} OVERDUE" if track.overdue else f"{track.open_follow_ups} FOLLOW-UPS OPEN",
        Tone.WARN if behind else Tone.PLAIN,
        tuple(section for section in sections if section.rows),
    )


def track_document(track: "TrackRecord") -> dict[str, Any]:
    """The same as JSON values: durations in seconds, trends in seconds a month."""
    return plain_values(track)


def _group_row(group: "Group") -> Row:
    few = " · few: a median of so few says little" if group.incidents < FEW else ""
    reported = " · ".join(map(_spread, group.spreads))
    return Row((group.name, figures.counted(group.incidents, "incident"), reported + few))


def _spread(spread: "Spread") -> str:
    """`TTM 44 min (of 12, 9 min to 3 h)`."""
    if spread.median is None or spread.low is None or spread.high is None:
        return f"{spread.lapse.name} not known"
    span = f", {figures.duration(spread.low)} to {figures.duration(spread.high)}" if spread.known > 1 else ""
    return f"{spread.lapse.name} {figures.duration(spread.median)} (of {spread.known}{span})"


def _trends(groups: "Sequence[Group]") -> Iterator[Row]:
    for group in groups:
        for spread in group.spreads:
            if spread.trend and spread.trend.chance < CLEAR and spread.trend.slope:
                way = "longer" if spread.trend.slope > 0 else "shorter"
                slope = figures.duration(abs(spread.trend.slope))
                yield Row(
                    (
                        f"{group.name}: {spread.lapse.name} gets {way} by about {slope} a month (of {spread.known})",
                    )
                )
    if all(spread.trend is None for spread in groups[0].spreads):
        yield Row(
            ("too few incidents: a trend takes ten incidents of which the duration is known",), Tone.QUIET
        )
    elif not any(s.trend and s.trend.chance < CLEAR for group in groups for s in group.spreads):
        yield Row(("none that chance would not give",), Tone.QUIET)


def _left(track: "TrackRecord") -> Iterator[Row]:
    if track.open_follow_ups:
        late = f", {track.overdue} overdue" if track.overdue else ""
        yield Row(
            (f"{figures.counted(track.open_follow_ups, 'follow-up')} open{late}",), command=command("actions")
        )
    if track.unverified:
        done = f"{figures.counted(track.unverified, 'follow-up')} done and not verified"
        yield Row((done,), command=command("actions"))
    if track.without_postmortem:
        numbers = wording.listed((f"#{number}" for number in track.without_postmortem), 10)
        yield Row((f"without an accepted postmortem: {numbers}",), Tone.WARN)
