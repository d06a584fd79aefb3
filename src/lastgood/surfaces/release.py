"""The commits of a release in words, as Markdown for a pull request, and as JSON."""

from collections.abc import Iterator
from typing import Any

from lastgood.model import figures
from lastgood.model.release import RankedCommit, Release
from lastgood.surfaces.findings import plain_values
from lastgood.surfaces.markdown import escaped
from lastgood.surfaces.wording import PLAIN, json_text

COMMIT_LETTERS = 10


def release_text(found: Release) -> str:
    """For a terminal."""
    return "".join(f"{line}\n" for line in _lines(found)).translate(PLAIN)


def release_markdown(found: Release) -> str:
    """A table to paste into a pull request."""
    lines = [f"### {escaped(_title(found))}", ""]
    if found.commits:
        lines += ["| risk | commit | why |", "|---:|---|---|"]
        lines += [
            f"| {figures.number(one.risk, 1)} | {escaped(_short(one))} {escaped(one.commit.title)} | {escaped('; '.join(_why(one)))} |"
            for one in found.commits
        ]
    else:
        lines.append("No commit of it is recorded.")
    lines += ["", "Not known:", "", *(f"- {escaped(one)}" for one in found.unknown)]
    return "".join(f"{line}\n" for line in lines).translate(PLAIN)


def release_document(found: Release) -> dict[str, Any]:
    """The same as JSON values, without the diffs."""
    return {
        "deploy": found.deploy_id, "service": found.service, "version": found.version, "previous": found.previous or None,
        "at": figures.stamp(found.at), "commits_reported_by_feed": found.reported, "stack_traces": found.traces,
        "commits": [
            {
                "id": one.commit.commit_id, "title": one.commit.title, "actor": one.commit.actor or None, "risk": one.risk,
                "failing_files": list(one.failing),
                "reasons": [{"points": why.points, "text": figures.spaced(why.text)} for why in one.reasons],
                "code": plain_values(one.history) if one.history else None,
            }
            for one in found.commits
        ],
        "not_known": list(found.unknown),
    }  # fmt: skip


def _title(found: Release) -> str:
    versions = f"{found.previous} to {found.version}" if found.previous else found.version
    return f"{found.service} {versions}, {figures.counted(len(found.commits), 'commit')}"


def _lines(found: Release) -> Iterator[str]:
    yield f"{_title(found)}, {'tagged' if found.tagged else 'deployed'} {found.at:%Y-%m-%d %H:%M} UTC"
    for one in found.commits:
        mark = "FAILING PATH  " if one.failing else ""
        yield f"  {figures.number(one.risk, 1):>5}  {_short(one)}  {mark}{' '.join(one.commit.title.split())}"
        for why in _why(one):
            yield f"         {why}"
    if not found.commits:
        yield "  no commit of it is recorded"
    for note in found.unknown:
        yield f"NOT KNOWN {note}"


def _why(one: RankedCommit) -> list[str]:
    return [why.text for why in one.reasons] or ["nothing that is riskier than usual"]


def _short(one: RankedCommit) -> str:
    return one.commit.commit_id[:COMMIT_LETTERS]


def release_written(found: Release, output: str) -> str:
    """The commits of a deploy as JSON, Markdown or text."""
    match output:
        case "json":
            return json_text(release_document(found), indent=2) + "\n"
        case "markdown":
            return release_markdown(found)
        case _:
            return release_text(found)
