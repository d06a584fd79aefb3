"""Records of applying: log lines that name the revision of a known commit, as the changes that brought it into effect.

A commit of a configuration repository is from yesterday, and its apply is from today. Whoever applies (a playbook, a
synchronisation, a release script, a pipeline) writes a line with the revision. That line is a deploy of its repository.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from lastgood.algorithms.change_lineage import SHA, TAGGED
from lastgood.model.attributes import HEAD_REVISION
from lastgood.model.change import Change, ChangeKind
from lastgood.model.judgement import Count, Time
from lastgood.model.signal import Signal
from lastgood.model.window import Window
from lastgood.readings.case import Case

# fmt: off
REVISIONS_SOUGHT = Count(250, "newest revisions that are sought in lines", "judgement: a search of ClickHouse for many words takes 255 of them")
APPLY_LINES = Count(5000, "lines of a source, for it to hold records of applying", "judgement: applies are rare; what writes more serves requests")
APPLY_TIMES = Count(20, "lines of a source that name one revision, for them to be records", "judgement: more of them is a stamp on every line")
APPLY_APART = Time(30, "min between two lines about one revision, for them to be two applies", "judgement: one goes over its machines in that time")
APPLY_TITLE = Count(160, "characters of a line, as the title of its apply", "judgement: so that a line stays readable")
# fmt: on
REVISION = Count(7, "digits of a revision at least", "judgement: git writes seven at least")
SOURCES = """
SELECT service, count() AS n FROM lg_lines GROUP BY service HAVING n <= {most:UInt32} ORDER BY service LIMIT 5000"""
LINES = """
SELECT ts, service, instance, text FROM (
    SELECT ts, service, instance,
           concat(body, ' ', arrayStringConcat(mapValues(attributes), ' '), ' ', arrayStringConcat(mapValues(resource), ' ')) AS text
    FROM lg_lines WHERE service IN {sources:Array(String)})
WHERE multiSearchAny(lower(text), {revisions:Array(String)}) ORDER BY ts, service LIMIT 5000"""
_WORD = re.compile(r"(?<![0-9a-zA-Z])[0-9a-f]{7,40}(?![0-9a-zA-Z])")


def read_applied(case: Case, changes: Sequence[Change], window: Window) -> list[Change]:
    """The applies of known commits that only lines tell of, as deploys; none where a feed has reported them."""
    commits = _commits(changes)
    if not commits or not case.has(Signal.LOGS):
        return []
    found = case.query(SOURCES, window=window, most=APPLY_LINES).dicts()
    sources = [row["service"] for row in found]
    sought = sorted({one.change_id[:REVISION].lower() for one in commits})
    rows = case.query(LINES, window=window, sources=sources, revisions=sought).dicts()
    reported = [change for change in changes if change.kind == "deploy" and change.state != TAGGED]
    tags = [change for change in changes if change.kind == "deploy" and change.state == TAGGED]
    applied = [_as_tagged(one, tags) for one in _applied(rows, commits)]
    return [one for one in applied if not any(_reported(one, deploy) for deploy in reported)]


def _commits(changes: Sequence[Change]) -> list[Change]:
    """The newest commits, whose ids are revisions."""
    found = [one for one in changes if one.kind == "commit" and SHA.match(one.change_id.lower())]
    return sorted(found, key=lambda one: one.at, reverse=True)[:REVISIONS_SOUGHT]


def _applied(rows: Iterable[dict[str, Any]], commits: Collection[Change]) -> Iterator[Change]:
    """One deploy for the lines of a source about one revision that follow each other."""
    found: dict[tuple[str, str], list[tuple[Change, dict[str, Any]]]] = {}
    for row in rows:
        for word in dict.fromkeys(_WORD.findall(row["text"].lower())):
            named = [one for one in commits if _names(word, one)]
            if len(named) == 1:
                found.setdefault((row["service"], named[0].change_id), []).append((named[0], row))
    for lines in found.values():
        if len(lines) <= APPLY_TIMES:
            yield from _one_by_one(lines)


def _names(word: str, commit: Change) -> bool:
    """Whether a word is the revision of a commit, or how it begins."""
    return commit.change_id.lower().startswith(word)


def _one_by_one(lines: list[tuple[Change, dict[str, Any]]]) -> Iterator[Change]:
    last: Change | None = None
    for commit, row in lines:
        if last is not None and row["ts"] - last.until <= APPLY_APART:
            last = replace(last, until=row["ts"])
            continue
        if last is not None:
            yield last
        last = _deploy(commit, row)
    if last is not None:
        yield last


def _deploy(commit: Change, row: dict[str, Any]) -> Change:
    title = " ".join(row["text"].split("\n", maxsplit=1)[0].split())[:APPLY_TITLE]
    named = f"applied/{row['service']}/{commit.change_id[:12]}/{row['ts']:%Y%m%dT%H%M%S}"
    return Change(
        named, ChangeKind.DEPLOY, row["ts"], row["ts"], commit.service, title, commit.change_id[:12],
        attributes={HEAD_REVISION: commit.change_id, "recorded_by": row["service"]},
    )  # fmt: skip


def _as_tagged(applied: Change, tags: Iterable[Change]) -> Change:
    """The same under the version that a tag gives its revision."""
    revision = applied.attributes[HEAD_REVISION]
    version = next((tag.version for tag in tags if revision in tag.attributes.values()), applied.version)
    return replace(applied, version=version)


def _reported(applied: Change, deploy: Change) -> bool:
    """Whether a feed tells of this apply: a deploy of the same revision about then."""
    named = " ".join((deploy.version, deploy.change_id, *deploy.attributes.values())).lower()
    revision = applied.attributes[HEAD_REVISION][:REVISION]
    return revision in named and abs(deploy.at - applied.at) <= timedelta(hours=2)
