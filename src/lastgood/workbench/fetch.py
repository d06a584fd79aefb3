"""Fetch: what a team's own systems hold about a window, into a folder of files that every command reads.

The folder is the cache too: the same window of the same source is asked for once. Beside the answers stands
`.fetched.json` with what each system gave and what is missing.
"""

import os
import re
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from urllib.parse import urlsplit

import httpx
import msgspec

from lastgood.algorithms.secrets import without_secrets
from lastgood.config import Config, SourceOf, untrusted
from lastgood.errors import CannotRunError, LastgoodError, UsageError, instead
from lastgood.model.fetching import Asked, Fetched, is_address
from lastgood.model.figures import counted
from lastgood.model.window import Window
from lastgood.outside.connectors._registry import Asking, Connector, Document, connectors
from lastgood.outside.connectors.wire import Bounds, Wire
from lastgood.workbench.at_once import at_once
from lastgood.workbench.faults import missing_of
from lastgood.workbench.fetch_access import access_of
from lastgood.workbench.fetched import cached, put, read_account, write_account

USUAL = timedelta(hours=2)  # of a window that is not given: the incident, and a good while before it
_MINUTE = 60


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to fetch: names of sources in the settings, or addresses."""

    sources: tuple[str, ...]
    window: Window
    services: tuple[str, ...] = ()


def _whole(name: str) -> str:
    """An address with both its slashes; the name of a source as it is."""
    return re.sub(r"^(https?):/+", r"\1://", name)


def window_of(given: Window | None, now: datetime) -> Window:
    """The window to ask for: whole minutes, so that asking again in the same minute finds the same folder."""
    start, end = (given.start, min(given.end, now)) if given else (now - USUAL, now)
    if given and start < now - timedelta(days=30):
        start = end - USUAL
    return Window(_minute(start, 0), _minute(end, _MINUTE - 1))


def _minute(moment: datetime, up: int) -> datetime:
    seconds = int(moment.timestamp()) + up
    return datetime.fromtimestamp(seconds - seconds % _MINUTE, UTC)


def fetch(config: Config, wanted: Wanted, folder: Path | None = None) -> list[Fetched]:
    """A folder for each source that was named; into `folder` where one is given, else into the cache.

    Raises:
        UsageError: no such source, or a setting that is missing.
        CannotRunError: no system of a source gave anything; says why for each.
    """
    return [_one(config, _whole(name), wanted, folder) for name in wanted.sources]


def _one(config: Config, name: str, wanted: Wanted, folder: Path | None) -> Fetched:
    sources = _sources(config, name)
    asked_for = [msgspec.json.encode(sources), wanted.services, os.environ.get("KUBECONFIG")]
    place = folder or cached(name, asked_for, wanted.window)
    place = place.absolute()
    if folder is None and _lasting(sources) and (before := read_account(name, wanted.window, place)):
        return before
    if folder is not None and place.exists() and any(place.iterdir()):
        raise UsageError(f"{place} is not empty.", hint="Name a folder that does not exist yet.")
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(
        prefix=".fetching-", dir=place.parent, ignore_cleanup_errors=True
    ) as aside:
        fresh = Path(aside) / "whole"
        fresh.mkdir(mode=0o700)
        asked = at_once(lambda source: _asked(source, wanted, fresh), sources)
        if not any(one.files for one in asked):
            why = " ".join(
                f"{one.kind}: {one.problem or 'it holds nothing in this window.'}" for one in asked
            )
            raise CannotRunError(f"Nothing was fetched from {without_secrets(name)}. {why}")
        found = Fetched(without_secrets(name), wanted.window, str(place), asked)
        write_account(found, fresh)
        if folder is None:
            shutil.rmtree(place, ignore_errors=True)
        fresh.replace(place)
    return found


def _lasting(sources: Sequence[SourceOf]) -> bool:
    """Whether the same settings mean the same systems another time: kubectl's current context may change."""
    return all(one.kind != "kubernetes" or one.target for one in sources)


def _sources(config: Config, name: str) -> list[SourceOf]:
    """The systems that a name stands for; an address is asked what it is."""
    if is_address(name):
        return [_detected(name)]
    found = [one for one in config.settings.source if one.name == name]
    if not found:
        ignored = untrusted()
        if ignored and "source" in ignored[1]:
            raise UsageError(
                f"The sources in {ignored[0]} are ignored.", hint="Read the file, then: lastgood trust"
            )
        known = sorted({one.name for one in config.settings.source})
        raise UsageError(
            f"There is no source {name!r} in the settings.",
            hint=instead(name, known)
            or "Write a [[source]] into lastgood.toml: docs/howto/fetch-from-your-systems.md.",
        )
    return found


def _detected(url: str) -> SourceOf:
    try:
        split = urlsplit(str(httpx.URL(url)))
    except (ValueError, httpx.InvalidURL) as problem:
        raise UsageError("That is not an address.", hint="Write it as https://host/path.") from problem
    if "@" in split.netloc or split.query:
        raise UsageError(
            "An address must not hold a password or a query.",
            hint='Write a [[source]] with token = "$NAME".',
        )
    last = ""
    for one in connectors().values():
        if one.detect is None:
            continue
        with Wire(url, bounds=Bounds(requests=3, seconds=10, step_seconds=5, tries=1)) as wire:
            try:
                if one.detect(wire):
                    return SourceOf(name=url, kind=one.kind, url=url)
            except (LastgoodError, KeyError, TypeError, AttributeError, ValueError) as problem:
                last = str(problem)
    kinds = ", ".join(kind for kind, one in connectors().items() if one.detect)
    raise CannotRunError(
        f"{url} does not answer like a system that is known ({kinds}). {last}".strip(),
        hint="Check the address; where a token is needed, write a [[source]] into lastgood.toml.",
    )


def _asked(source: SourceOf, wanted: Wanted, folder: Path) -> Asked:
    connector = _connector(source)
    started, files, limits, problem, requests = perf_counter(), [], [], "", 0
    asking = Asking(wanted.window, wanted.services, source.select, source.target, source.parts)
    sent = ""
    try:
        with Wire(source.url or "http://localhost", access_of(source)) as wire:
            try:
                for item in connector.fetch(wire, asking):
                    if isinstance(item, Document):
                        files.append(put(folder, source.kind, item.name, item.content))
                    else:
                        limits.append(item.sentence)
            finally:
                requests, sent = wire.asked, wire.sent
                if wire.empty:
                    limits.append(f"left out: {counted(wire.empty, 'entry', 'entries')} without content")
    except UsageError:
        raise
    except LastgoodError as stopped:
        problem = stopped.message
    except Exception as fault:  # noqa: BLE001 - an answer that is not what its API says must not cost the others
        problem = f"its answer is not what its API describes: {missing_of(fault, sent)}"
    place = without_secrets(source.url) or " ".join(filter(None, (source.kind, source.target)))
    return Asked(source.kind, place, tuple(files), requests, perf_counter() - started, tuple(limits), problem)


def _connector(source: SourceOf) -> Connector:
    found = connectors().get(source.kind)
    if found is None:
        raise UsageError(
            f"The source {source.name!r} is of a kind {source.kind!r} that is not known.",
            hint=f"Kinds: {', '.join(connectors())}.",
        )
    return found
