"""Sentry: the errors of a project in the window, and its releases with their last deploys (API 0).

After docs.sentry.io/api: a project's error events, an organization's releases; the next page is named by the header Link.
"""

from typing import Any

import orjson

from lastgood.errors import UsageError
from lastgood.model.signal import Signal
from lastgood.outside.connectors._pages import Page, paged
from lastgood.outside.connectors._registry import Asking, Connector, Document, Fetched, Held, Limit
from lastgood.outside.connectors.limits import CHANGED_BEFORE
from lastgood.outside.connectors.wire import Wire

_PAGE = 100


def fetch(wire: Wire, asking: Asking) -> Fetched:
    """Releases first, for they are few; then events with their stack traces, the newest first."""
    organization, project = _target(asking)
    yield from _releases(wire, organization, project, asking)
    window = asking.window

    def ask(cursor: str | None) -> Page:
        rows = wire.get_json(
            f"projects/{organization}/{project}/events/", full="true", start=_written(window.start),
            end=_written(window.end), per_page=_PAGE, cursor=cursor,
        )  # fmt: skip
        return [one | {"project": project} for one in rows], _next(wire)

    yield from paged("events", ask, f"errors of {project}", lambda one: one["dateCreated"])


def _target(asking: Asking) -> tuple[str, str]:
    organization, slash, project = asking.target.strip("/").partition("/")
    if not slash or not organization or "/" in project:
        raise UsageError(
            f'A Sentry source needs target = "organization/project", not {asking.target!r}.',
            hint="Set it in [[source]] of lastgood.toml.",
        )
    return organization, project


def _written(moment: Any) -> str:
    """A time as the API takes it, which is UTC."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}"


def _next(wire: Wire) -> str | None:
    """What to ask the next page with; Sentry names one even where it has nothing more."""
    link = wire.links.get("next", {})
    return link.get("cursor") if link.get("results") == "true" else None


def _releases(wire: Wire, organization: str, project: str, asking: Asking) -> Fetched:
    """Those of the project that were made or deployed in the window or the day before; the list has the newest first."""
    listed = wire.get_json(f"organizations/{organization}/releases/", per_page=_PAGE)
    start = _written(asking.window.start - CHANGED_BEFORE)
    recent = [
        one | {"project": project}
        for one in listed
        if max(_times(one)) >= start
        and any(each.get("slug") == project for each in one.get("projects") or ())
    ]
    if recent:
        yield Document("releases.json", orjson.dumps(recent))
    if len(listed) == _PAGE and max(_times(listed[-1])) >= start:
        yield Limit(f"releases before {listed[-1]['dateCreated']} were left out")


def _times(release: dict[str, Any]) -> list[str]:
    deploy = release.get("lastDeploy") or {}
    return [
        str(one or "")
        for one in (release["dateCreated"], release.get("dateReleased"), deploy.get("dateFinished"))
    ]


def holds(wire: Wire, asking: Asking) -> Held:
    """Whether the errors of the project can be read, and whether the token may change it."""
    organization, project = _target(asking)
    about = wire.get_json(f"projects/{organization}/{project}/")
    found = wire.get_json(f"projects/{organization}/{project}/events/", per_page=1)
    excess = next((one for one in about.get("access") or () if one in {"project:write", "project:admin"}), "")
    return Held(f"errors of {project}" if found else "no error yet", excess=excess)


CONNECTOR = Connector(
    "sentry", "errors and releases", fetch, None, holds, frozenset({Signal.LOGS, Signal.CHANGES})
)
