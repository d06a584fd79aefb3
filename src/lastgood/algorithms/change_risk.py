"""Change risk: how likely a commit is to break something, by what kind of files it touches, how much, what its diff does, and whose code it is.

The order of kinds (schema, interface, library, configuration before code before looks) and the points are a judgement, after
what postmortems name as causes (B. Beyer et al., Site Reliability Engineering, 2016, appendix C). They rank; they are no chance.
Code that was changed lately breaks more often (T. Graves et al., "Predicting fault incidence using software change history", IEEE Trans.
Softw. Eng. 26, 2000), and so does code of many people or of none who knows it (sources: lastgood.algorithms.code_history).
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from lastgood.algorithms.diffs.effects import effects, idle
from lastgood.algorithms.diffs.unified import IDLE, Role, paths, role_of
from lastgood.model import figures
from lastgood.model.release import CarriedCommit, CodeHistory, RankedCommit, RiskReason

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
YOUNG_CODE, GONE_AUTHORS = 14.0, 180.0  # days
FEWEST_EARLIER = 5  # commits to the same files, to say whose they are
MANY_OWNERS = 4  # people
YOUNG_POINTS, STRANGER_POINTS, GONE_POINTS, OWNERS_POINTS = 1.0, 1.0, 1.0, 0.5


def ranked(
    commits: Iterable[CarriedCommit],
    failing_files: Iterable[str] = (),
    histories: Mapping[str, CodeHistory] | None = None,
) -> tuple[RankedCommit, ...]:
    """The commits, the riskiest first; `failing_files` are those in stack traces of failures, `histories` by commit id."""
    known = tuple(dict.fromkeys(failing_files))
    found = [_ranked(one, known, (histories or {}).get(one.commit_id)) for one in commits]
    return tuple(sorted(found, key=lambda one: (-one.risk, one.commit.at, one.commit.commit_id)))


def same_file(one: str, other: str) -> bool:
    """Whether two paths can be of one file: the shorter ends the longer, by at least its name and folder where it has one."""
    short, long = sorted((one.strip("/").split("/"), other.strip("/").split("/")), key=len)
    while len(short) > 2 and long[-len(short) :] != short:
        short = short[1:]  # a path inside a repository and one on a machine share their end
    return long[-len(short) :] == short


def _ranked(
    commit: CarriedCommit, failing_files: tuple[str, ...], history: CodeHistory | None
) -> RankedCommit:
    files = commit.files or paths(commit.diff)
    failing = tuple(file for file in files if any(same_file(file, one) for one in failing_files))
    reasons = [*_reasons(commit, files, failing), *(_of_history(commit, history) if history else ())]
    reasons.sort(key=lambda one: -one.points)
    return RankedCommit(commit, sum(one.points for one in reasons), tuple(reasons), failing, history)


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


def _of_history(commit: CarriedCommit, of: CodeHistory) -> Iterator[RiskReason]:
    """How old the changed lines are, and whose the files; what is usual has no points."""
    if of.age_days is not None:
        points = YOUNG_POINTS if of.age_days < YOUNG_CODE else 0.0
        yield RiskReason(points, f"changes lines that are {figures.duration(of.age_days * 86_400)} old")
    if of.writers_seen_days is not None and of.writers_seen_days > GONE_AUTHORS:
        away = figures.duration(of.writers_seen_days * 86_400)
        yield RiskReason(GONE_POINTS, f"whoever wrote these lines last committed {away} before")
    if of.earlier < FEWEST_EARLIER:
        return
    earlier = f"{figures.counted(of.earlier, 'earlier commit')} to these files"
    if of.own == 0:
        yield RiskReason(STRANGER_POINTS, f"{commit.actor} made none of the {earlier}")
    elif of.own is not None:
        yield RiskReason(0.0, f"{commit.actor} made {figures.count(of.own)} of the {earlier}")
    if of.people >= MANY_OWNERS and of.most_commits * 2 < of.earlier:
        owners = f"{figures.counted(of.people, 'person', 'people')} made the {earlier}"
        yield RiskReason(OWNERS_POINTS, f"{owners}, none of them half: no clear owner")
