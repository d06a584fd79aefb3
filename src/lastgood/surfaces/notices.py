"""Notices in words: a page, its end, and tickets of an incident and of a follow-up."""

from collections.abc import Callable, Iterator

from lastgood.model import figures
from lastgood.model.entry import Entry
from lastgood.model.follow_up import FollowUpAdded
from lastgood.model.message import Audience, Notice, Occasion
from lastgood.model.outgoing import Outgoing
from lastgood.surfaces import wording
from lastgood.surfaces.incident_page import headline
from lastgood.surfaces.markdown import escaped
from lastgood.surfaces.updates import impact_of
from lastgood.surfaces.wording import PLAIN
from lastgood.workbench.notices import TIMEBOX, key_of
from lastgood.workbench.room import Room

Redact = Callable[[str], str]


def notice_message(notice: Notice, room: Room, redact: Redact) -> Outgoing:
    """A notice in the forms in which it leaves; the id is the same at every try."""
    incident = room.incident
    about = next(entry for entry in room.entries if entry.sequence == notice.about)
    follow_up = about.payload if isinstance(about.payload, FollowUpAdded) else None
    fields = tuple((label, _clean(value, redact)) for label, value in _fields(notice, room, about) if value)
    head = _clean(follow_up.text if follow_up else _head(notice, room), redact)
    text = "\n".join([head, "", *(f"{label}: {value}" for label, value in fields)]) + "\n"
    markdown = "\n".join(
        [f"## {escaped(head)}", "", *(f"- **{label}:** {escaped(value)}" for label, value in fields)]
    )
    document = {
        "type": f"incident.{notice.occasion}",
        "timestamp": figures.stamp(about.at),
        "data": {"key": notice.key, "text": text},
    }
    return Outgoing(
        f"msg_{about.hash[:32]}",
        text,
        markdown,
        wording.json_text(document).encode(),
        occasion=notice.occasion,
        headline=head,
        fields=fields,
        title=_clean(incident.title, redact),
        key=notice.key,
        severity=incident.severity if incident.severity_decided else None,
        at=about.at,
    )


def _clean(text: str, redact: Redact) -> str:
    return redact(text).translate(PLAIN)


def _head(notice: Notice, room: Room) -> str:
    if notice.occasion is Occasion.CLEAR:
        return f"Ended: {headline(room.incident)}"
    late = notice.key == key_of(room, TIMEBOX)
    return headline(room.incident) + (f": {notice.because}" if late else "")


def _fields(notice: Notice, room: Room, about: Entry) -> Iterator[tuple[str, str]]:
    incident = room.incident
    if isinstance(about.payload, FollowUpAdded):
        added = about.payload
        yield "Owner", added.owner
        yield "Due", f"{added.due:%Y-%m-%d}"
        yield "Type", added.type.value
        yield "Removes", added.removes
        yield "Incident", headline(incident)
        return
    yield "Because", notice.because
    yield "Impact", impact_of(incident, Audience.TEAM)
    yield "Opened", f"{figures.stamp(incident.opened_at.replace(microsecond=0))} by {incident.opened_by}"
    yield "Lead", incident.lead or "not acknowledged"
