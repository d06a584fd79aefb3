"""GitLab: the deployments of a project, and its commits with their diffs (REST API v4).

After docs.gitlab.com/api: deployments, commits, projects. A page has at most 100 entries.
"""

from typing import Any
from urllib.parse import quote

import orjson

from lastgood.errors import NotFetchedError, UsageError
from lastgood.model.figures import counted
from lastgood.model.signal import Signal
from lastgood.outside.connectors._pages import Page, paged
from lastgood.outside.connectors._registry import Asking, Connector, Document, Fetched, Held, Limit
from lastgood.outside.connectors.limits import CHANGED_BEFORE
from lastgood.outside.connectors.wire import Wire

_PAGE = 100
_DEVELOPER = 30  # the level of access from which code may be pushed


def fetch(wire: Wire, asking: Asking) -> Fetched:
    """Deployments that changed in the window or the day before; `parts` are environments. Then the commits of that time."""
    project = _project(asking)
    start, end = asking.window.start - CHANGED_BEFORE, asking.window.end

    def ask(page: int) -> Page:
        rows = wire.get_json(
            f"{project}/deployments", updated_after=start.isoformat(), updated_before=end.isoformat(),
            order_by="updated_at", sort="desc", per_page=_PAGE, page=page,
        )  # fmt: skip
        of_parts = [
            one | {"project": asking.target}
            for one in rows
            if not asking.parts or one["environment"]["name"] in asking.parts
        ]
        return of_parts, page + 1 if len(rows) == _PAGE else None

    yield from paged("deployments", ask, "deployments", lambda one: one["updated_at"], first=1)
    yield from _commits(wire, project, asking)


def _project(asking: Asking) -> str:
    """The path of the project; its own name is one part of the address, slashes and all."""
    if "/" not in asking.target.strip("/"):
        raise UsageError(
            f'A GitLab source needs target = "group/project", not {asking.target!r}.',
            hint="Set it in [[source]] of lastgood.toml.",
        )
    return f"projects/{quote(asking.target.strip('/'), safe='')}"


def _commits(wire: Wire, project: str, asking: Asking) -> Fetched:
    window = asking.window
    listed: list[dict[str, Any]] = wire.get_json(
        f"{project}/repository/commits",
        since=(window.start - CHANGED_BEFORE).isoformat(),
        until=window.end.isoformat(),
        per_page=_PAGE,
    )
    if len(listed) == _PAGE:
        yield Limit(f"commits before {listed[-1]['created_at']} were left out")
    whole: list[Any] = []
    problem = ""
    for one in listed:
        if wire.left <= 1:
            problem = "the limit of requests is used up"
            break
        try:
            whole.append(one | {"project": asking.target, "files": _files(wire, project, one["id"])})
        except NotFetchedError as refused:
            problem = refused.message
            break
    if problem:
        yield Limit(
            f"{len(listed) - len(whole)} of {len(listed)} commits came without their files: {problem}"
        )
    if cut := sum(len(one["files"]) == _PAGE for one in whole):
        yield Limit(f"{counted(cut, 'commit')} came with {_PAGE} files, and may have more")
    whole += listed[len(whole) :]
    if whole:
        yield Document("commits.json", orjson.dumps(whole))


def _files(wire: Wire, project: str, sha: str) -> list[dict[str, str]]:
    """The files of a commit with their diffs, under the names that GitHub gives them."""
    found = wire.get_json(f"{project}/repository/commits/{quote(sha, safe='')}/diff", per_page=_PAGE)
    return [{"filename": str(one["new_path"]), "patch": str(one.get("diff") or "")} for one in found]


def holds(wire: Wire, asking: Asking) -> Held:
    """Whether its deployments can be read, and what else the token may do."""
    project = _project(asking)
    about = wire.get_json(project)
    found = wire.get_json(f"{project}/deployments", per_page=1)
    granted = [one["access_level"] for one in (about.get("permissions") or {}).values() if one]
    excess = f"push to {about['path_with_namespace']}" if any(one >= _DEVELOPER for one in granted) else ""
    return Held(
        "deployments and commits" if found else "no deployment, only commits", empty=not found, excess=excess
    )


CONNECTOR = Connector("gitlab", "deployments and commits", fetch, None, holds, frozenset({Signal.CHANGES}))
