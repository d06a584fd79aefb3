"""Bisect: the first bad commit by a command that may be flaky, run by run, so that it can be taken up again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from lastgood.algorithms.bisection import Belief, Outcomes, believed, needed, next_test, rivals, runs_left
from lastgood.errors import UsageError
from lastgood.model.bisection import Bisection, Commit, TestRun
from lastgood.model.figures import percent
from lastgood.workbench.bisect_files import Bisecting, prior_of, resumed, save
from lastgood.workbench.bisect_run import by_address, by_status
from lastgood.workbench.worktree import OF_ANOTHER, Worktree, range_of, worktree

ENDS = 5  # runs of a known end before it is believed that the test does not fit it
MOST_RIVALS = 3
HARDLY_TELLS = 0.4  # of runs that are wrong: a commit then takes hundreds of them
Reported = Callable[[TestRun, Bisection], None]


@dataclass(frozen=True, slots=True)
class Asked:
    """What to bisect, and how."""

    repository: Path
    good: str
    bad: str
    command: tuple[str, ...]
    certainty: float = 0.98
    flake: float | None = None  # None: it is estimated
    most_runs: int = 500
    seconds: float = 600.0  # of one run
    state: Path | None = None
    prior: Path | None = None
    environment: tuple[str, ...] = ()  # variables that the command gets
    url: str = ""  # asked instead of the command's status: the command starts a server


@dataclass(slots=True)
class _Search:
    """The commits, and what was run on them so far."""

    asked: Asked
    commits: tuple[Commit, ...]
    prior: Sequence[float] | None
    runs: list[TestRun] = field(default_factory=list)

    def tests(self) -> Outcomes:
        """The runs as counts."""
        places = {commit.sha: n for n, commit in enumerate(self.commits)}
        tests = Outcomes.of(len(self.commits))
        for one in self.runs:
            tests.count(places[one.sha], one.outcome)
        return tests

    def next(self, belief: Belief, tests: Outcomes) -> int | None:
        """Which commit to run on: each end once, then where it tells most; None when nothing can tell more."""
        ends = (len(self.commits) - 1, 0)
        for end, fits in zip(ends, (tests.failed, tests.passed), strict=True):
            tried = tests.passed[end] + tests.failed[end]
            if not fits[end] and tried < ENDS and not tests.skipped[end]:
                return end
        return next_test(belief, tests)

    def misfit(self, tests: Outcomes) -> tuple[str, str]:
        """What is wrong with the ends, if anything, and what the last run there printed."""
        good, bad = self.commits[0].sha, self.commits[-1].sha
        if tests.skipped[0] or tests.skipped[-1]:
            name, sha = ("--good", good) if tests.skipped[0] else ("--bad", bad)
            why = "the server does not come up" if self.asked.url else "the command asks to skip it"
            return f"{name} ({sha[:10]}) itself cannot be tested: {why}", self._said(sha)
        what = "the address" if self.asked.url else "the command"
        if tests.failed[0] >= ENDS and not tests.passed[0]:
            return (
                f"{what} failed {ENDS} times on --good ({good[:10]}): it does not test this fault, or --good is not good",
                self._said(good),
            )
        if tests.passed[-1] >= ENDS and not tests.failed[-1]:
            return (
                f"{what} passed {ENDS} times on --bad ({bad[:10]}): it does not test this fault, or --bad is not bad",
                self._said(bad),
            )
        return "", ""

    def _said(self, sha: str) -> str:
        return next((one.said for one in reversed(self.runs) if one.sha == sha), "") or "nothing"

    def state(self) -> tuple[Bisection, int | None]:
        """What it comes to so far, and where to run next; None when it is over."""
        tests = self.tests()
        belief = believed(tests, self.prior, self.asked.flake)
        place = self.next(belief, tests)
        problem, said = self.misfit(tests)
        over = belief.certainty >= self._needed(tests, belief) and self._ends_seen(tests)
        if not problem and not over and place is None:
            problem = "more runs do not help: too many commits cannot be tested"
        if not problem and not over and len(self.runs) >= self.asked.most_runs:
            problem = f"--max-runs {self.asked.most_runs} are used up{_too_flaky(belief)}"
        made = replace(self._made(belief, tests, problem), misfit=said)
        return made, None if problem or over else place

    def _needed(self, tests: Outcomes, belief: Belief) -> float:
        return needed(self.asked.certainty, tests, belief, self.asked.flake)

    def _ends_seen(self, tests: Outcomes) -> bool:
        return bool(tests.failed[-1] and tests.passed[0])

    def _made(self, belief: Belief, tests: Outcomes, problem: str) -> Bisection:
        others = tuple((self.commits[n].sha, chance) for n, chance in rivals(belief))
        return Bisection(
            self.commits, tuple(self.runs), tuple(self.commits[n] for n in belief.best), belief.certainty, self._needed(tests, belief),
            *belief.flake, runs_left(belief, tests, self._needed(tests, belief)), problem, others[:MOST_RIVALS],
        )  # fmt: skip


def bisect(asked: Asked, reported: Reported = lambda _run, _so_far: None) -> Bisection:
    """What it comes to; `reported` hears of every run. The state file, where one is named, is written after each.

    Raises:
        UsageError: the range, the command, the prior or the state file does not fit.
        CannotRunError: git or the command cannot be run.
        KeyboardInterrupt: it was interrupted; the state file holds all runs before.
    """
    search = _started(asked)
    so_far, place = search.state()
    if place is None:
        return so_far
    with worktree(asked.repository) as tree:
        while place is not None:
            one = _run(asked, tree, search.commits[place])
            search.runs.append(one)
            if asked.state is not None:
                save(asked.state, _whose(search), search.runs)
            so_far, place = search.state()
            reported(one, so_far)
    return so_far


def _too_flaky(belief: Belief) -> str:
    """That more runs hardly help, where the test is wrong in nearly half of them; else empty."""
    wrong = sum(belief.flake) / 2
    if wrong < HARDLY_TELLS:
        return ""
    return f": the test is wrong in about {percent(wrong)} of its runs, so it hardly tells commits apart. Make it less flaky, or let it try several times"


def _started(asked: Asked) -> _Search:
    commits = range_of(asked.repository, asked.good, asked.bad)
    if not asked.command:
        raise UsageError(
            "There is no command to run.",
            hint="Give it after --: lastgood bisect --good A --bad B -- ./test.sh",
        )
    search = _Search(asked, commits, prior_of(asked.prior, commits) if asked.prior else None)
    if asked.state and asked.state.exists():
        search.runs = resumed(asked.state, _whose(search))
    return search


def _whose(search: _Search) -> Bisecting:
    how = (*search.asked.command, *(("--url", search.asked.url) if search.asked.url else ()))
    return Bisecting(tuple(commit.sha for commit in search.commits), how)


def _run(asked: Asked, tree: Worktree, commit: Commit) -> TestRun:
    tree.at(commit.sha)
    passed = tuple(name for name in asked.environment if name not in OF_ANOTHER)
    how = (asked.seconds, passed, tree.folder)
    if asked.url:
        return by_address(commit.sha, asked.command, asked.url, *how)
    return by_status(commit.sha, asked.command, *how)
