"""Messages in the forms in which they leave: an update of an incident."""

from collections.abc import Callable

from lastgood.model import figures
from lastgood.model.entry import Entry
from lastgood.model.incident import Incident
from lastgood.model.message import Updated
from lastgood.model.outgoing import Outgoing
from lastgood.surfaces import wording
from lastgood.surfaces.findings import plain_values
from lastgood.surfaces.markdown import escaped, paragraph
from lastgood.surfaces.updates import LABEL


def outgoing(entry: Entry, update: Updated, incident: Incident, redact: Callable[[str], str]) -> Outgoing:
    """An update in the forms in which it leaves; the id is the same at every try, and in every record of the case."""
    text = redact(update.text)
    message = {
        name: redact(value) if isinstance(value, str) else value
        for name, value in plain_values(update.message).items()
    }
    markdown = _markdown(text, entry, update)
    document = {
        "type": "incident.update",
        "timestamp": figures.stamp(entry.at),
        "data": {
            "incident": {"number": incident.number, "title": redact(incident.title)},
            "update": entry.sequence,
            "text": text,
            "markdown": markdown,
            "head": f"{entry.hash}:{entry.sequence}",
            **{name: value for name, value in message.items() if value not in {"", None}},
        },
    }
    headline, said, fields = parts(text)
    return Outgoing(
        f"msg_{entry.hash[:32]}",
        text,
        markdown,
        wording.json_text(document).encode(),
        audience=update.message.audience,
        headline=headline,
        said=said,
        fields=fields,
        title=redact(incident.title),
        status=update.message.status,
        severity=incident.severity,
        at=entry.at,
    )


def parts(text: str) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    """The headline of a message, the writer's own words, and its fields by their labels."""
    headline, *lines = text.splitlines()
    found = [(line, LABEL.match(line)) for line in lines]
    said = "\n".join(line for line, field in found if field is None).strip()
    return headline, said, tuple((field[1], field[2]) for _, field in found if field)


def _markdown(text: str, entry: Entry, update: Updated) -> str:
    headline, *lines = text.splitlines()
    at = figures.stamp(entry.at.replace(microsecond=0))
    body = [
        f"- **{found[1]}:** {escaped(found[2])}" if (found := LABEL.match(line)) else f"{paragraph(line)}\n"
        for line in lines
    ]
    return "\n".join(
        [
            f"## {escaped(headline)}",
            "",
            f"{at} · to {update.message.audience}",
            "",
            *body,
            "",
            f"Record: {entry.hash}:{entry.sequence}",
        ]
    )
