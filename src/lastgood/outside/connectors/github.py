"""GitHub: deployments with their statuses, and the commits between the last two (REST API, version 2022-11-28)."""

from datetime import datetime
from typing import Any

import orjson

from lastgood.errors import NotFetchedError, UsageError
from lastgood.model.signal import Signal
from lastgood.outside.connectors._registry import Asking, Connector, Document, Fetched, Held, Limit
from lastgood.outside.connectors.limits import CHANGED_BEFORE, LOOKUPS
from lastgood.outside.connectors.wire import Wire

_PAGE = 100


def fetch(wire: Wire, asking: Asking) -> Fetched:
    """Deployments of the window and the day before, each with its statuses, and their commits with files."""
    if asking.target.count("/") != 1:
        raise UsageError(
            f'A GitHub source needs target = "owner/repository", not {asking.target!r}.',
            hint="Set it in [[source]] of lastgood.toml.",
        )
    repository = f"repos/{asking.target}"
    found = wire.get_json(f"{repository}/deployments", per_page=_PAGE)
    recent = [
        one
        for one in found
        if datetime.fromisoformat(one["created_at"]) >= asking.window.start - CHANGED_BEFORE
    ]
    if len(recent) == _PAGE:
        yield Limit(f"deployments of {asking.target} before {recent[-1]['created_at']} were left out")
    yield from _statuses(wire, repository, recent)
    yield from _commits(wire, repository, asking)


def _statuses(wire: Wire, repository: str, deployments: list[dict[str, Any]]) -> Fetched:
    reported: list[dict[str, Any]] = []
    for one in deployments[:LOOKUPS]:
        try:
            reported.append(
                one | {"statuses": wire.get_json(f"{repository}/deployments/{one['id']}/statuses")}
            )
        except NotFetchedError as problem:
            yield Limit(
                f"statuses of {len(deployments) - len(reported)} deployments did not come: {problem.message}"
            )
            break
    reported += deployments[len(reported) :]
    if reported:
        yield Document("deployments.json", orjson.dumps(reported))


def _commits(wire: Wire, repository: str, asking: Asking) -> Fetched:
    window = asking.window
    listed = wire.get_json(
        f"{repository}/commits",
        since=(window.start - CHANGED_BEFORE).isoformat(),
        until=window.end.isoformat(),
        per_page=_PAGE,
    )
    whole: list[Any] = []
    for one in listed:
        if wire.left <= 1:
            yield Limit(f"{len(listed) - len(whole)} of {len(listed)} commits came without their files")
            break
        whole.append(wire.get_json(f"{repository}/commits/{one['sha']}"))
    whole += listed[len(whole) :]
    if whole:
        yield Document("commits.json", orjson.dumps(whole))


def holds(wire: Wire, asking: Asking) -> Held:
    """Whether its deployments can be read, and what else the token may do."""
    about = wire.get_json(f"repos/{asking.target}")
    found = wire.get_json(f"repos/{asking.target}/deployments", per_page=1)
    granted = about.get("permissions") or {}
    excess = next(
        (f"{name} in {about['full_name']}" for name in ("admin", "maintain", "push") if granted.get(name)), ""
    )
    return Held(
        "deployments and commits" if found else "no deployment, only commits", empty=not found, excess=excess
    )


CONNECTOR = Connector("github", "deployments and commits", fetch, None, holds, frozenset({Signal.CHANGES}))
