"""A bisection in words: each run as it comes, the result, and JSON."""

from collections.abc import Iterator, Sequence
from typing import Any

from lastgood.model import figures
from lastgood.model.bisection import Bisection, TestRun, VersionBisection, VersionShare
from lastgood.surfaces.invocation import command
from lastgood.surfaces.wording import PLAIN

SHORT = 10  # characters of a commit
MOST_VERSIONS = 12  # the newest are listed


def run_line(one: TestRun, so_far: Bisection) -> str:
    """One run, and how sure it is now."""
    best = so_far.first_bad[-1]
    if so_far.misfit:
        return f"run {len(so_far.runs)}  {one.sha[:SHORT]}  {one.outcome}  {figures.duration(one.seconds)}".translate(
            PLAIN
        )
    left = "" if so_far.found else f", about {figures.counted(so_far.runs_left, 'run')} left"
    return (
        f"run {len(so_far.runs)}  {one.sha[:SHORT]}  {one.outcome}  {figures.duration(one.seconds)}"
        f"  now {best.sha[:SHORT]} {figures.chance(so_far.certainty)} confidence{left}"
    ).translate(PLAIN)


def bisect_text(found: Bisection) -> str:
    """The first bad commit, how sure, and what it took."""
    return "".join(f"{line}\n" for line in _lines(found)).translate(PLAIN)


def bisect_document(found: Bisection) -> dict[str, Any]:
    """The same as JSON values."""
    return {
        "found": found.found,
        "first_bad": [{"sha": one.sha, "subject": one.subject} for one in found.first_bad],
        "certainty": found.certainty,
        "wanted": found.wanted,
        "problem": found.problem or None,
        "printed_last": found.misfit or None,
        "commits": len(found.commits) - 1,
        "runs": [
            {"sha": one.sha, "outcome": one.outcome.value, "seconds": one.seconds, "said": one.said or None}
            for one in found.runs
        ],
        "runs_left": found.runs_left,
        "good_commit_fails": found.false_fail,
        "bad_commit_passes": found.false_pass,
        "rivals": [{"sha": sha, "chance": chance} for sha, chance in found.rivals],
    }


def versions_text(found: VersionBisection, repositories: Sequence[str] = ()) -> str:
    """The first bad version, why, each version's share, and how to go on to the commit in a repository that was given."""
    lines = [*_version_lines(found), *(_to_commit(found, repositories) if found.found else ())]
    return "".join(f"{line}\n" for line in lines).translate(PLAIN)


def versions_document(found: VersionBisection) -> dict[str, Any]:
    """The same as JSON values."""
    return {
        "found": found.found, "service": found.service, "first_bad": found.first_bad or None,
        "last_good": found.last_good or None, "certainty": found.certainty, "because": figures.spaced(found.because),
        "caveat": found.caveat or None,
        "problem": figures.spaced(found.problem) or None,
        "versions": [
            {"version": one.version, "first": figures.stamp(one.first), "requests": one.requests, "failures": one.failures}
            for one in found.versions
        ],
    }  # fmt: skip


def _version_lines(found: VersionBisection) -> Iterator[str]:
    if found.found:
        if found.caveat:
            yield f"FIRST BAD VERSION: {found.service} {found.first_bad}, unless another change is the cause"
            yield f"  {found.caveat}"
            yield f"  {figures.chance(found.certainty)} by the counts alone: {found.because}"
        else:
            yield f"FIRST BAD VERSION: {found.service} {found.first_bad} ({figures.chance(found.certainty)} confidence)"
            yield f"  {found.because}"
    else:
        yield f"INCONCLUSIVE, because {found.problem}"
        if found.first_bad:
            yield f"  likeliest so far: {found.first_bad} ({figures.chance(found.certainty)} confidence); {found.because}"
    widest = max(len(one.version) for one in found.versions)
    yield from (_version_line(one, widest, found.first_bad) for one in found.versions[-MOST_VERSIONS:])


def _to_commit(found: VersionBisection, repositories: Sequence[str]) -> Iterator[str]:
    """The command that finds the commit; where several repositories were given, people choose."""
    repo = ("--repo", repositories[0] if len(repositories) == 1 else "FOLDER") if repositories else ()
    words = ("bisect", *repo, "--good", found.last_good, "--bad", found.first_bad)
    which = f"; the FOLDER is {' or '.join(repositories)}" if len(repositories) > 1 else ""
    yield f"NEXT      if these are tags, find the commit; put your test in the place of TEST{which}:"
    yield f"          {command(*words)} -- TEST"


def _version_line(one: VersionShare, widest: int, first_bad: str) -> str:
    share = (
        f"{figures.percent(one.failures / one.requests)} of {figures.count(one.requests)} fail"
        if one.requests
        else "no request"
    )
    mark = "  first bad" if one.version == first_bad else ""
    return f"  {one.version:<{widest}}  since {one.first:%Y-%m-%d %H:%M:%S} UTC  {share}{mark}"


def exit_status(found: Bisection | VersionBisection) -> int:
    """0 found, 3 inconclusive."""
    return 0 if found.found else 3


def _lines(found: Bisection) -> Iterator[str]:
    named = " or ".join(f"{one.sha[:SHORT]} {one.subject}" for one in found.first_bad[:5])
    if found.found:
        yield f"FIRST BAD COMMIT: {named} ({figures.chance(found.certainty)} confidence)"
        if len(found.first_bad) > 1:
            yield "  the commits between could not be tested, so it is one of these"
    else:
        yield f"INCONCLUSIVE, because {found.problem}"
        if found.misfit:
            yield f"  it printed last: {found.misfit}"
            yield f"  {figures.counted(len(found.runs), 'run')}; nothing is known of the commits between"
            return
        yield f"  likeliest so far: {named} ({figures.chance(found.certainty)} confidence)"
    tests = figures.counted(len(found.runs), "run")
    yield f"  {tests} over {figures.counted(len(found.commits) - 1, 'commit')}; a good commit fails in {figures.percent(found.false_fail)} of its tests, a bad one passes in {figures.percent(found.false_pass)} (estimated)"
    yield from (f"  else {sha[:SHORT]} ({figures.chance(chance)} confidence)" for sha, chance in found.rivals)
