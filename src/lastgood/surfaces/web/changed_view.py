"""What changed, on the page of an incident: the suspects in their order, those that are alike as one row."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lastgood.model import figures
from lastgood.model.change import bare_title
from lastgood.model.incident import Incident
from lastgood.surfaces import wording

MOST_CHANGES = 4


@dataclass(frozen=True, slots=True)
class Suspect:
    """A row of What changed."""

    place: int  # among all of them, the first one of those that are alike
    word: str
    shape: str
    percent: str
    title: str
    kind: str
    sign: str
    reason: str
    at: str
    moment: datetime
    more: int  # that are like it


def conclusion(document: Mapping[str, Any]) -> str:
    """What the changes come to, in a sentence."""
    if not document.get("changes"):
        return "No change is recorded in this period. Deploys that are not sent are not visible."
    explained = document.get("no_change_explains_it") or {}
    if explained.get("verdict") == "yes":
        cause = f" Likely cause: {wording.plain(explained['cause'])}." if explained.get("cause") else ""
        return f"None of your changes explains it.{cause}"
    return ""


def suspects(document: Mapping[str, Any], incident: Incident) -> Iterator[Suspect]:
    """A row for each change; commits stand in their deploy, and repeated runs of one thing are one row."""
    near = incident.since or incident.opened_at
    shown = [one for one in document.get("changes") or () if not _inside(one)]
    alike: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for change in shown:
        alike.setdefault(_kind_of(change), []).append(change)
    for place, ones in enumerate(alike.values(), 1):
        nearest = min(ones, key=lambda one: abs(datetime.fromisoformat(one["at"]) - near))
        yield _suspect(place, nearest, near, len(ones) - 1)


def _inside(change: Mapping[str, Any]) -> bool:
    """Whether it stands with the deploy that it came in, and is no suspect by itself."""
    return bool(change.get("within")) and change["verdict"] not in {"likely", "possible"}


def _kind_of(change: Mapping[str, Any]) -> tuple[str, ...]:
    """What repeated runs of one job have in common."""
    name = (change.get("title") or change["id"]) if change["kind"] == "cron" else change["id"]
    return (change["kind"], change.get("service") or "", change["verdict"], name)


def _suspect(place: int, change: Mapping[str, Any], near: datetime, more: int) -> Suspect:
    verdict, moment = change["verdict"], datetime.fromisoformat(change["at"])
    likely = verdict in {"likely", "possible"}
    reasons = change["for"] if likely else change["against"] or change["for"]
    title = bare_title(change["kind"], change.get("title") or "") or change["id"]
    service = change.get("service") or ""
    return Suspect(
        place,
        wording.plain(verdict),
        "out" if verdict == "ruled_out" else verdict,
        figures.percent(round(change["confidence"], 2)) if likely else "",
        title if service.lower() in title.lower() else f"{service}: {title}",
        wording.plain(change["kind"]),
        "+" if likely else "\u2212",
        "; ".join(reasons[:2] if likely else reasons[-1:]),
        figures.clock(moment, near),
        moment,
        more,
    )
