"""The files of a bisection."""

import json
from pathlib import Path

import pytest

from lastgood.errors import UsageError
from lastgood.model.bisection import Commit, RunOutcome, TestRun
from lastgood.workbench.bisect_files import Bisecting, prior_of, resumed, save

WHOSE = Bisecting(("aaaa1", "bbbb2", "cccc3"), ("./test.sh",))
RUNS = [TestRun("bbbb2", RunOutcome.BAD, 1.5), TestRun("aaaa1", RunOutcome.GOOD, 1.0)]


def test_runs_are_taken_up_again(tmp_path: Path) -> None:
    """Those of the same commits and command; a run of a commit that is gone is left out."""
    path = tmp_path / "state.json"
    save(path, WHOSE, [*RUNS, TestRun("dddd4", RunOutcome.SKIP, 0.1)])

    assert RUNS == resumed(path, WHOSE)


@pytest.mark.parametrize("content", ["", "{}", '{"good": 1}'])
def test_a_file_that_is_none_of_it_is_refused(content: str, tmp_path: Path) -> None:
    """So is that of another command."""
    path = tmp_path / "state.json"
    path.write_text(content)
    with pytest.raises(UsageError, match="cannot be read"):
        resumed(path, WHOSE)
    save(path, Bisecting(WHOSE.commits, ("./other.sh",)), RUNS)
    with pytest.raises(UsageError, match="another bisection"):
        resumed(path, WHOSE)


def test_a_prior_names_commits_by_their_beginning(tmp_path: Path) -> None:
    """Commits that it does not name weigh nothing; a line that is no weight is refused with its number."""
    commits = [Commit(sha, "") for sha in WHOSE.commits]
    path = tmp_path / "prior"
    path.write_text("# likelier\nbbbb 0.4\n")
    assert [0, 0.4, 0] == prior_of(path, commits)
    path.write_text("bbbb 0.4\ncccc3 much\n")
    with pytest.raises(UsageError, match="entry 2"):
        prior_of(path, commits)
    path.write_text("bbbb 1e308\ncccc3 1e308\n")
    with pytest.raises(UsageError, match="too large"):
        prior_of(path, commits)
    path.write_text("dddd4 0.4\n")
    with pytest.raises(UsageError, match="names no commit of the range"):
        prior_of(path, commits)


def test_a_prior_may_be_a_ranking_of_lastgood(tmp_path: Path) -> None:
    """Commits of a release by their risk, above the least risky; changes of a sitrep by their confidence."""
    commits = [Commit(sha, "") for sha in WHOSE.commits]
    path = tmp_path / "ranked.json"
    release = {
        "deploy": "d",
        "commits": [
            {"id": "bbbb2", "risk": 7.5, "title": "x"},
            {"id": "cccc3", "risk": -2},
            {"id": "", "risk": 9},
        ],
    }
    path.write_text(json.dumps(release))
    assert [0, 10.5, 1] == prior_of(path, commits)
    sitrep = {
        "changes": [
            {"id": "cccc3", "kind": "commit", "confidence": 0.8},
            {"id": "aaaa1", "kind": "flag", "confidence": 0.9},
        ]
    }
    path.write_text(json.dumps(sitrep))
    assert [0, 0, 0.8] == prior_of(path, commits)
    for other, why in (
        ("{}", "names no commit of the range"),
        ("{", "is not JSON of changes --in or triage"),
        ('{"commits": 3}', "is not JSON of changes --in or triage"),
        ('{"changes": [{"id": "bbbb2"}]}', "is not JSON of changes --in or triage"),
    ):
        path.write_text(other)
        with pytest.raises(UsageError, match=why):
            prior_of(path, commits)
