"""Change risk: how likely a commit is to break something, by what kind of files it touches, how much, and what its diff does.

The order of kinds (schema, interface, library, configuration before code before looks) and the points are a judgement, after
what postmortems name as causes (B. Beyer et al., Site Reliability Engineering, 2016, appendix C). They rank; they are no chance.
"""

import re
from collections.abc import Iterable, Iterator

from lastgood.algorithms.diffs.effects import effects, idle
from lastgood.algorithms.diffs.unified import IDLE, Role, paths, role_of
from lastgood.model import figures
from lastgood.model.release import CarriedCommit, RankedCommit, RiskReason

_INTERFACE = re.compile(
    r"(^|/)(openapi|swagger|schemas?|proto|graphql|routes?|api|serializers?|contracts?)[/._-]|\.(proto|graphql|avsc|thrift)$",
    re.IGNORECASE,
)
_BY_ROLE = {
    Role.SQL: (3.0, "changes the schema or data of a database"),
    Role.MANIFEST: (2.0, "changes libraries"),
    Role.CONFIG: (2.0, "changes configuration"),
}
INTERFACE_POINTS = (2.0, "changes an interface")
LARGE_COMMIT, MEDIUM_COMMIT = 400, 100  # changed lines
WIDE_COMMIT = 10  # files
MOST_EFFECTS = 3  # of a diff that count
EFFECT_POINTS, FAILING_CODE_POINTS, IDLE_POINTS, UNTESTED_POINTS = 1.5, 5.0, -2.0, 1.0


def ranked(commits: Iterable[CarriedCommit], failing_files: Iterable[str] = ()) -> tuple[RankedCommit, ...]:
    """The commits, the riskiest first; `failing_files` are those in stack traces of failures."""
    known = tuple(dict.fromkeys(failing_files))
    found = [_ranked(one, known) for one in commits]
    return tuple(sorted(found, key=lambda one: (-one.risk, one.commit.at, one.commit.commit_id)))


def same_file(one: str, other: str) -> bool:
    """Whether two paths can be of one file: the shorter ends the longer, by at least its name and folder where it has one."""
    short, long = sorted((one.strip("/").split("/"), other.strip("/").split("/")), key=len)
    while len(short) > 2 and long[-len(short) :] != short:
        short = short[1:]  # a path inside a repository and one on a machine share their end
    return long[-len(short) :] == short


def _ranked(commit: CarriedCommit, failing_files: tuple[str, ...]) -> RankedCommit:
    files = commit.files or paths(commit.diff)
    failing = tuple(file for file in files if any(same_file(file, one) for one in failing_files))
    reasons = tuple(sorted(_reasons(commit, files, failing), key=lambda one: -one.points))
    return RankedCommit(commit, sum(one.points for one in reasons), reasons, failing)


def _reasons(commit: CarriedCommit, files: tuple[str, ...], failing: tuple[str, ...]) -> Iterator[RiskReason]:
    if failing:
        yield RiskReason(FAILING_CODE_POINTS, f"touches the failing code: {', '.join(failing[:3])}")
    roles = {role_of(file) for file in files}
    for role, (points, text) in _BY_ROLE.items():
        if role in roles:
            yield RiskReason(points, text)
    if any(_INTERFACE.search(file) for file in files):
        yield RiskReason(*INTERFACE_POINTS)
    if files and (roles <= IDLE or (commit.diff and idle(commit.diff, files))):
        yield RiskReason(IDLE_POINTS, "touches only tests, documents, styles or pipelines")
        return
    yield from _of_diff(commit, files)
    yield from _of_size(commit, files)
    if Role.CODE in roles and Role.TEST not in roles:
        yield RiskReason(UNTESTED_POINTS, "changes code and no test")


def _of_diff(commit: CarriedCommit, files: tuple[str, ...]) -> Iterator[RiskReason]:
    seen = dict.fromkeys(effect.kind.value for effect in effects(commit.diff, files)) if commit.diff else {}
    for text in [*seen][:MOST_EFFECTS]:
        yield RiskReason(EFFECT_POINTS, text)


def _of_size(commit: CarriedCommit, files: tuple[str, ...]) -> Iterator[RiskReason]:
    size = commit.additions + commit.deletions
    if size >= MEDIUM_COMMIT:
        yield RiskReason(2.0 if size >= LARGE_COMMIT else 1.0, f"{figures.count(size)} lines")
    if len(files) >= WIDE_COMMIT:
        yield RiskReason(1.0, f"{figures.count(len(files))} files")
