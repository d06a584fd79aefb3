"""The change feed in words and as JSON."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from lastgood.model import figures
from lastgood.model.change import short_id
from lastgood.surfaces.wording import PLAIN, json_text
from lastgood.workbench.changes import Feed, FeedChange


def feed_text(feed: Feed) -> str:
    """A line for each change in order of time, with the onset between those before and after it."""
    return "".join(f"{line}\n" for line in _feed_lines(feed)).translate(PLAIN)


def _feed_lines(feed: Feed) -> Iterator[str]:
    onset = feed.onset
    shown = onset is None
    for change in feed.changes:
        if onset and not shown and change.at > onset.at:
            yield _onset_line(feed)
            shown = True
        lead = f"  {figures.lead(onset.at - change.at)}" if onset else ""
        yield f"{change.at:%Y-%m-%d %H:%M:%S}  {_change(change)}{lead}"
    if not shown:
        yield _onset_line(feed)


def _onset_line(feed: Feed) -> str:
    assert feed.onset is not None  # noqa: S101 - asked for only then
    return f"{feed.onset.at:%Y-%m-%d %H:%M:%S}  ——— onset: {feed.onset.first_symptom} ———"


def _change(change: FeedChange) -> str:
    size = ""
    if change.files:
        size = f" ({figures.counted(change.files, 'file')} +{change.additions} -{change.deletions})"
    who = f" by {change.actor}" if change.actor else ""
    kind = change.kind.replace("_", " ").ljust(11)
    title = f" {title}" if (title := _title(change)) else ""
    return f"{kind} {(change.service or '-').ljust(14)}{_versions(change)}{title}{size}{who} [{short_id(change.change_id)}]"


def _versions(change: FeedChange) -> str:
    """` v2.45.1 → v2.46.0`; nothing of a commit, whose version is its id."""
    if not change.version or change.change_id.startswith(change.version):
        return ""
    before = f"{change.previous_version} → " if change.previous_version else ""
    return f" {before}{change.version}"


def _title(change: FeedChange) -> str:
    """The title without the version that stands before it."""
    title = _one_line(change.title)
    return title.removeprefix(change.version).lstrip(" :") if change.version else title


def _one_line(text: str) -> str:
    return figures.shortened(text, 100)


def change_document(change: FeedChange) -> dict[str, Any]:
    """A change as JSON values."""
    row = asdict(change)
    return {
        "id": row.pop("change_id"),
        "at": figures.stamp(row.pop("at")),
        "until": figures.stamp(row.pop("until")),
        **{name: value if value != "" else None for name, value in row.items()},
    }


def feed_written(feed: Feed, output: str) -> tuple[str, str]:
    """The changes as text or as a JSON object a line; and a note where there are others, or none."""
    if output == "json":
        text = "".join(json_text(change_document(change)) + "\n" for change in feed.changes)
    else:
        text = feed_text(feed)
    if feed.cut_off:
        return text, f"limit reached: the newest {len(feed.changes)} changes"
    return text, "" if feed.changes else "no change in this window"
