"""A bisection in words: each run as it comes, the result, and JSON."""

from collections.abc import Iterator
from typing import Any

from lastgood.model import figures
from lastgood.model.bisection import Bisection, TestRun
from lastgood.surfaces.wording import PLAIN

SHORT = 10  # characters of a commit


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
        f"  now {best.sha[:SHORT]} {figures.percent(so_far.certainty)}{left}"
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


def exit_status(found: Bisection) -> int:
    """0 found, 3 inconclusive."""
    return 0 if found.found else 3


def _lines(found: Bisection) -> Iterator[str]:
    named = " or ".join(f"{one.sha[:SHORT]} {one.subject}" for one in found.first_bad[:5])
    if found.found:
        yield f"FIRST BAD COMMIT: {named} ({figures.percent(found.certainty)})"
        if len(found.first_bad) > 1:
            yield "  the commits between could not be tested, so it is one of these"
    else:
        yield f"INCONCLUSIVE, because {found.problem}"
        if found.misfit:
            yield f"  it printed last: {found.misfit}"
            yield f"  {figures.counted(len(found.runs), 'run')}; nothing is known of the commits between"
            return
        yield f"  likeliest so far: {named} ({figures.percent(found.certainty)})"
    tests = figures.counted(len(found.runs), "run")
    yield f"  {tests} over {figures.counted(len(found.commits) - 1, 'commit')}; a good commit fails in {figures.percent(found.false_fail)}, a bad one passes in {figures.percent(found.false_pass)} (estimated)"
    yield from (f"  else {sha[:SHORT]} ({figures.percent(chance)})" for sha, chance in found.rivals)
