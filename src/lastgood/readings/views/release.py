"""A release as recorded: the deploy, and the commits that it carried."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from lastgood.algorithms.change_lineage import TAGGED, version_number
from lastgood.model.attributes import AUTHOR_EMAIL
from lastgood.model.judgement import Count
from lastgood.model.release import CarriedCommit
from lastgood.model.window import Window
from lastgood.telemetry.reader import Reader

RELEASE_COMMITS = Count(1000, "commits of a release", "judgement: a release of more is not read by anyone")
EARLIER_COMMITS = Count(
    2000,
    "earlier commits that are read to say whose the code is",
    "judgement: bounds the work; as many as are loaded with a diff",
)
_TAGGED_WITH = timedelta(seconds=1)  # a tag's time is that of its commit, and a window ends before its end
_DEPLOYS = """
SELECT id, ts, service, version, previous, state FROM lg_changes
WHERE kind = 'deploy' AND (id = {name:String} OR version = {name:String} OR concat(service, ' ', version) = {name:String}
      OR {name:String} = '')
ORDER BY ts DESC, id LIMIT {most:UInt32}"""
_COMMIT = f"""
SELECT id, ts, service, title, actor, files, additions, deletions, diff, attributes['{AUTHOR_EMAIL}'] AS email FROM lg_changes"""
_COMMITS = (
    _COMMIT
    + """
WHERE kind = 'commit' AND if({deploy:String} != '', within = {deploy:String},
      service = {service:String} OR (service = '' AND arrayExists(f -> has(arrayPopBack(splitByChar('/', f)), {service:String}), files)))
ORDER BY ts, id LIMIT {most:UInt32}"""
)
_EARLIER = (
    _COMMIT
    + """
WHERE kind = 'commit' AND service IN {services:Array(String)} AND hasAny(files, {files:Array(String)})
      AND NOT has({known:Array(String)}, id)
ORDER BY ts DESC, id LIMIT {most:UInt32}"""
)


@dataclass(frozen=True, slots=True)
class DeployRow:
    """A deploy as its feed tells it."""

    deploy_id: str
    at: datetime
    service: str
    version: str
    previous: str
    tagged: bool = False  # a tag of the repository, no deploy


def deploys(reader: Reader, window: Window, name: str) -> tuple[DeployRow, ...]:
    """The deploys of a name: an id, a version, or `service version`; all where it is empty. The newest first."""
    rows = reader.query(_DEPLOYS, {"name": name, "most": int(RELEASE_COMMITS)}, window).dicts()
    return tuple(
        DeployRow(
            row["id"], row["ts"], row["service"], row["version"], row["previous"], row["state"] == TAGGED
        )
        for row in rows
    )


class Carried(NamedTuple):
    """The commits of a deploy, and how they are known."""

    commits: tuple[CarriedCommit, ...] = ()
    reported: bool = False  # its feed says that it carried them; else they are a guess
    repository: str = ""  # whose tag of the same version they are, where no commit names the service


def carried(reader: Reader, window: Window, deploy: DeployRow) -> Carried:
    """The commits that its feed says it carried; else those of its service since the deploy before.

    In a repository of several services, which is no service's, a commit is of those whose folder it touches.
    Else those of the only repository that has a tag of its version: a service and its repository may be named differently.
    The deploy before is the last of another version: a tag and a pipeline tell of one deploy too.
    Where both versions are tagged, it is the commits between the tags: later ones may be tagged and not deployed.
    """
    own = _carried(reader, window, deploy)
    mine = version_number(deploy.version)
    if own.commits or not mine:
        return own
    tags = {
        one.service: one
        for one in deploys(reader, window, "")
        if one.service != deploy.service and version_number(one.version) == mine
    }
    found = [(name, _carried(reader, window, tag)) for name, tag in tags.items()]
    theirs = [(name, one.commits) for name, one in found if one.commits]
    return Carried(theirs[0][1], repository=theirs[0][0]) if len(theirs) == 1 else own


def _carried(reader: Reader, window: Window, deploy: DeployRow) -> Carried:
    bound: dict[str, Any] = {
        "deploy": deploy.deploy_id,
        "service": deploy.service,
        "most": int(RELEASE_COMMITS),
    }
    if reported := reader.query(_COMMITS, bound, window).dicts():
        return Carried(tuple(map(_commit, reported)), reported=True)
    mine = version_number(deploy.version)
    others = [
        one for one in deploys(reader, window, "") if one.service == deploy.service and one.at < deploy.at
    ]
    tags = {version_number(one.version): one.at for one in others if one.tagged}
    before = tags.get(version_number(deploy.previous)) if deploy.previous else None
    if before is not None and (tag := tags.get(mine)) is not None:
        earlier, until = [before], tag + _TAGGED_WITH
    else:
        until = deploy.at
        earlier = [one.at for one in others if not mine or version_number(one.version) != mine]
    since = max(earlier, default=window.start)
    if since >= until:
        return Carried()
    rows = reader.query(_COMMITS, {**bound, "deploy": ""}, Window(since, until)).dicts()
    return Carried(tuple(_commit(row) for row in rows if not earlier or row["ts"] > since))


def earlier(
    reader: Reader, window: Window, commits: Sequence[CarriedCommit], files: Sequence[str]
) -> tuple[CarriedCommit, ...]:
    """Recorded commits to the same files of the same services, up to the last of these commits, the newest first."""
    last = max((one.at for one in commits), default=window.start)
    bound = {
        "services": list({one.service for one in commits}), "files": [*files],
        "known": [one.commit_id for one in commits], "most": int(EARLIER_COMMITS),
    }  # fmt: skip
    before = Window(window.start, last) if last > window.start else None
    rows = reader.query(_EARLIER, bound, before).dicts() if before and files else []
    return tuple(map(_commit, rows))


def _commit(row: Mapping[str, Any]) -> CarriedCommit:
    return CarriedCommit(
        row["id"], row["ts"], row["service"], row["title"], row["actor"], tuple(row["files"]), row["additions"],
        row["deletions"], row["diff"], row["email"],
    )  # fmt: skip
