"""Bisecting real repositories with real commands."""

import socket
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from lastgood.errors import CannotRunError, UsageError
from lastgood.model.bisection import Bisection, RunOutcome, TestRun
from lastgood.workbench.bisect import Asked, bisect
from lastgood.workbench.bisect_files import git_log
from repositories import git, history

FAILS = ("sh", "-c", "test ! -e bug")
SKIPS = ("sh", "-c", "test -e broken && exit 125; test ! -e bug")
# Wrong in one of five runs, by a counter outside of the working tree.
FLAKY = """
import pathlib, sys, zlib
count = pathlib.Path(sys.argv[1]); n = int(count.read_text() or 0) if count.exists() else 0
count.write_text(str(n + 1))
wrong = zlib.crc32(b'%d' % n) % 5 == 0  # each run by itself, and no run by its turn
sys.exit(int(pathlib.Path("bug").exists() != wrong))
"""


def asked(folder: Path, made: list[str], command: tuple[str, ...] = FAILS, **more: object) -> Asked:
    """About the whole history."""
    return replace(Asked(folder, made[0], made[-1], command, environment=("PATH",)), **more)  # type: ignore[arg-type]


def subject(found: Bisection) -> str:
    """Of the first bad commit."""
    return " or ".join(one.subject for one in found.first_bad)


@pytest.mark.slow
def test_it_is_found_and_the_users_tree_is_as_it_was(tmp_path: Path) -> None:
    """Changes that are not committed stay, HEAD stays, no working tree is left."""
    folder = tmp_path / "a"
    made = history(folder, 24, bug=17)
    (folder / "n").write_text("in the middle of something")
    (folder / "new").touch()
    before = git(folder, "status", "--porcelain"), git(folder, "rev-parse", "HEAD")
    heard: list[TestRun] = []
    found = bisect(asked(folder, made), lambda one, _: heard.append(one))

    assert found.found
    assert "change 17" == subject(found)
    assert list(found.runs) == heard
    assert len(heard) < 20
    assert before == (git(folder, "status", "--porcelain"), git(folder, "rev-parse", "HEAD"))
    assert 1 == len(git(folder, "worktree", "list").splitlines())


@pytest.mark.slow
def test_a_flaky_command_is_repeated_until_it_is_sure(tmp_path: Path) -> None:
    """And its flakiness is estimated."""
    made = history(tmp_path / "a", 12, bug=5)
    command = (sys.executable, "-c", FLAKY, str(tmp_path / "count"))
    found = bisect(asked(tmp_path / "a", made, command))

    assert "change 5" == subject(found)
    assert max(found.false_fail, found.false_pass) > 0.05


@pytest.mark.slow
def test_what_does_not_build_is_skipped(tmp_path: Path) -> None:
    """Beside the first bad commit several are named."""
    made = history(tmp_path / "a", 14, bug=8, broken=(3, 7, 8))
    found = bisect(asked(tmp_path / "a", made, SKIPS))

    assert found.found
    assert "change 7 or change 8 or change 9" == subject(found)
    assert RunOutcome.SKIP in {one.outcome for one in found.runs}


@pytest.mark.slow
def test_it_is_taken_up_where_it_was_interrupted(tmp_path: Path) -> None:
    """No run is lost or done again; another bisection is not mixed up with it."""
    made = history(tmp_path / "a", 16, bug=6)
    state = tmp_path / "state.json"
    question = asked(tmp_path / "a", made, state=state)

    def interrupted(_one: TestRun, so_far: Bisection) -> None:
        if len(so_far.runs) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bisect(question, interrupted)
    rest: list[TestRun] = []
    found = bisect(question, lambda one, _: rest.append(one))
    again: list[TestRun] = []
    bisect(question, lambda one, _: again.append(one))

    assert "change 6" == subject(found)
    assert len(found.runs) == 3 + len(rest)
    assert [] == again
    with pytest.raises(UsageError, match="another bisection"):
        bisect(replace(question, command=("false",)))
    state.write_text("{")
    with pytest.raises(UsageError, match="cannot be read"):
        bisect(question)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("command", "why"),
    [
        (("false",), "failed 5 times on --good"),
        (("true",), "passed 5 times on --bad"),
        (("sh", "-c", "exit 125"), "cannot be tested"),
    ],
)
def test_a_command_that_does_not_fit_is_inconclusive(
    tmp_path: Path, command: tuple[str, ...], why: str
) -> None:
    """After a few runs of the ends, with why."""
    made = history(tmp_path / "a", 6, bug=3)
    found = bisect(asked(tmp_path / "a", made, command))

    assert not found.found
    assert why in found.problem
    assert found.misfit
    assert len(found.runs) <= 12


@pytest.mark.slow
def test_runs_and_time_are_bounded(tmp_path: Path) -> None:
    """A run that does not end is bad; after the last run that is allowed it stops."""
    made = history(tmp_path / "a", 12, bug=5)
    hangs = ("sh", "-c", "test ! -e bug || sleep 60")
    found = bisect(asked(tmp_path / "a", made, hangs, seconds=0.3, most_runs=3))

    assert RunOutcome.BAD is found.runs[0].outcome
    assert 3 == len(found.runs)
    assert "--max-runs 3 are used up" in found.problem


def test_a_command_that_cannot_be_run_is_said(tmp_path: Path) -> None:
    """Not taken for a bad commit."""
    made = history(tmp_path / "a", 3, bug=1)
    for command in (("./nothing-here",), ("sh", "-c", "nothing-here")):
        with pytest.raises(CannotRunError, match="cannot be run"):
            bisect(asked(tmp_path / "a", made, command))
    with pytest.raises(UsageError, match="no command"):
        bisect(asked(tmp_path / "a", made, ()))


@pytest.mark.slow
def test_git_can_replay_the_log(tmp_path: Path) -> None:
    """And comes to the same commit."""
    made = history(tmp_path / "a", 16, bug=11)
    found = bisect(asked(tmp_path / "a", made))
    log = tmp_path / "log"
    log.write_text(git_log(found))
    said = git(tmp_path / "a", "bisect", "replay", str(log))

    assert f"{made[11]} is the first bad commit" in said


def test_a_prior_names_commits_with_weights(tmp_path: Path) -> None:
    """By a beginning of their id; a line that is none is pointed at."""
    made = history(tmp_path / "a", 8, bug=5)
    prior = tmp_path / "prior"
    prior.write_text(f"# ranked\n{made[5][:12]} 0.9\n{made[2]} 0.1\n")
    found = bisect(asked(tmp_path / "a", made, prior=prior))
    prior.write_text("x\n")

    assert "change 5" == subject(found)
    with pytest.raises(UsageError, match="entry 1 is not a commit and a weight"):
        bisect(asked(tmp_path / "a", made, prior=prior))


SERVER = """
import http.server, os, sys
class Here(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(500 if os.path.exists("bug") else 200); self.end_headers()
    def log_message(self, *_): pass
if os.path.exists("broken"): sys.exit("it does not build")
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Here).serve_forever()
"""


@pytest.mark.slow
def test_an_address_of_the_server_that_the_command_starts(tmp_path: Path) -> None:
    """Each commit's own server is asked and ended; what does not come up is skipped, in a state of its own."""
    made = history(tmp_path / "a", 12, bug=7, broken=(4,))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = (sys.executable, "-c", SERVER, str(port))
    question = asked(
        tmp_path / "a", made, command, url=f"http://127.0.0.1:{port}/", flake=0.01, state=tmp_path / "state"
    )
    found = bisect(question)

    assert found.found
    assert "change 7" == subject(found)
    assert {one.said for one in found.runs if one.outcome is RunOutcome.BAD} == {
        f"http://127.0.0.1:{port}/ answers 500"
    }
    with pytest.raises(UsageError, match="another bisection"):
        bisect(replace(question, url=""))
    with socket.create_server(("127.0.0.1", port)):
        pass  # nothing listens there any more
