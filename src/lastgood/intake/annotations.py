"""Grafana annotations: notes that people and tools pinned to a time, as changes.

The annotations API gives an array: time and timeEnd in milliseconds, tags, text.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from lastgood.decoding.change import Row, at, change, decoded, glimpses
from lastgood.decoding.input import Claim, Decoded, Input, Settings
from lastgood.decoding.tables.entries import version_in
from lastgood.intake._registry import Source
from lastgood.model.signal import Signal

_KINDS = (
    ("deploy", "deploy"), ("release", "deploy"), ("rollback", "deploy"), ("flag", "flag"), ("migration", "migration"),
    ("certificate", "certificate"), ("dns", "dns"), ("cron", "cron"), ("scal", "scaling"), ("config", "config"),
    ("third", "third_party"), ("vendor", "third_party"), ("commit", "commit"),
)  # fmt: skip
_TAG = re.compile(r"^(service|app|application|version|env|environment)[:=](.+)$", re.IGNORECASE)
_NAMES = re.compile(r"[a-z][\w.-]*\w")
_MARKUP = re.compile(r"<[^>]{1,200}>")


def recognise(given: Input) -> Claim | None:
    """JSON whose first object has a time, tags and a text."""
    for row in glimpses(given, 1):
        if isinstance(row.get("tags"), list) and isinstance(row.get("time"), int) and "text" in row:
            return Claim("Grafana annotations", 0.96, "its first object has time, tags and text")
    return None


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """A change for each annotation that no alert made."""
    del claim, settings
    return decoded(given, ("annotations",), _rows)


def _rows(row: Mapping[str, Any]) -> Iterator[Row]:
    if row.get("alertName") or row.get("newState"):
        return  # an alert's own mark: a symptom, not a change
    tags = [str(tag) for tag in row.get("tags") or ()]
    named = {match[1].lower(): match[2] for tag in tags if (match := _TAG.match(tag))}
    words = " ".join([*tags, str(row.get("text") or "")]).lower()
    kind = next((kind for word, kind in _KINDS if word in words), "config")
    title = _MARKUP.sub("", str(row.get("text") or "")).strip() or ", ".join(tags)
    service = named.get("service") or named.get("app") or named.get("application") or _tagged(tags, title)
    yield change(
        kind, at(row["time"]), until=at(row["timeEnd"]) if row.get("timeEnd") else None,
        id=f"grafana/{row.get('id') or row['time']}", title=title, version=named.get("version") or (version_in(title) if kind == "deploy" else None),
        service=service,
        actor=row.get("login") or row.get("email"), source="grafana",
        attributes={
            "grafana.tags": ", ".join(tags), "grafana.dashboard": row.get("dashboardUID"),
            "deployment.environment.name": named.get("env") or named.get("environment"),
        },
    )  # fmt: skip


def _tagged(tags: Iterable[str], title: str) -> str | None:
    """The one tag that is no kind and stands in the text as well: the service that it is about; None where none or several do."""
    said = set(_NAMES.findall(title.lower()))
    named = [
        tag for tag in tags if tag.lower() in said and not any(word in tag.lower() for word, _ in _KINDS)
    ]
    return named[0] if len(named) == 1 else None


SOURCE = Source("annotations", frozenset({Signal.CHANGES}), recognise, decode)
