"""A bisection in words and JSON."""

from dataclasses import replace

from lastgood.model.bisection import Bisection, Commit, RunOutcome, TestRun
from lastgood.surfaces.bisect import bisect_document, bisect_text, exit_status, run_line

COMMITS = tuple(Commit(letter * 40, f"change {letter}") for letter in "abc")
RUN = TestRun("b" * 40, RunOutcome.BAD, 1.5)
FOUND = Bisection(COMMITS, (RUN,), (COMMITS[1],), 0.987, 0.98, 0.05, 0.01, 0, rivals=(("c" * 40, 0.01),))


def test_the_commit_comes_first_with_how_sure() -> None:
    """And what it took."""
    lines = bisect_text(FOUND).splitlines()

    assert "FIRST BAD COMMIT: bbbbbbbbbb change b (98.7 %)" == lines[0]
    assert (
        "  1 run over 2 commits; a good commit fails in 5 %, a bad one passes in 1 % (estimated)" == lines[1]
    )
    assert "  else cccccccccc (1 %)" == lines[2]
    assert 0 == exit_status(FOUND)


def test_what_is_not_sure_is_not_named_as_if_it_were() -> None:
    """Why, the likeliest so far, status 3; several where those between could not be tested."""
    unsure = replace(FOUND, certainty=0.4, problem="--max-runs 3 are used up")
    several = replace(FOUND, first_bad=COMMITS[1:])

    assert [
        "INCONCLUSIVE, because --max-runs 3 are used up",
        "  likeliest so far: bbbbbbbbbb change b (40 %)",
    ] == bisect_text(unsure).splitlines()[:2]
    assert 3 == exit_status(unsure)
    assert bisect_text(several).startswith("FIRST BAD COMMIT: bbbbbbbbbb change b or cccccccccc change c")
    assert "could not be tested" in bisect_text(several)


def test_each_run_has_a_line() -> None:
    """With how many are left."""
    going = replace(FOUND, certainty=0.4, runs_left=7)

    assert "run 1  bbbbbbbbbb  bad  1.5 s  now bbbbbbbbbb 40 %, about 7 runs left" == run_line(RUN, going)
    assert (True, "bad") == (bisect_document(FOUND)["found"], bisect_document(FOUND)["runs"][0]["outcome"])


def test_a_test_that_does_not_fit_names_no_commit() -> None:
    """But what it printed: often the command itself fails."""
    misfit = replace(
        FOUND, problem="the command failed 5 times on --good", misfit="python: can't open file 'smoke.py'"
    )
    lines = bisect_text(misfit).splitlines()

    assert "  it printed last: python: can't open file 'smoke.py'" == lines[1]
    assert not any("bbbbbbbbbb" in line or "%" in line for line in lines)
    assert "run 1  bbbbbbbbbb  bad  1.5 s" == run_line(RUN, misfit)
    assert misfit.misfit == bisect_document(misfit)["printed_last"]
