"""A bisection in words and JSON."""

from dataclasses import replace
from shlex import split

from lastgood.model.bisection import (
    Bisection,
    Commit,
    RunOutcome,
    TestRun,
    VersionBisection,
    VersionShare,
)
from lastgood.surfaces.bisect import (
    bisect_document,
    bisect_text,
    exit_status,
    run_line,
    versions_document,
    versions_text,
)
from records import START

COMMITS = tuple(Commit(letter * 40, f"change {letter}") for letter in "abc")
RUN = TestRun("b" * 40, RunOutcome.BAD, 1.5)
FOUND = Bisection(COMMITS, (RUN,), (COMMITS[1],), 0.987, 0.98, 0.05, 0.01, 0, rivals=(("c" * 40, 0.01),))


def test_the_commit_comes_first_with_how_sure() -> None:
    """And what it took."""
    lines = bisect_text(FOUND).splitlines()

    assert "FIRST BAD COMMIT: bbbbbbbbbb change b (98.7 % confidence)" == lines[0]
    assert (
        "  1 run over 2 commits; a good commit fails in 5 % of its tests, a bad one passes in 1 % (estimated)"
        == lines[1]
    )
    assert "  else cccccccccc (1 % confidence)" == lines[2]
    assert 0 == exit_status(FOUND)


def test_what_is_not_sure_is_not_named_as_if_it_were() -> None:
    """Why, the likeliest so far, status 3; several where those between could not be tested."""
    unsure = replace(FOUND, certainty=0.4, problem="--max-runs 3 are used up")
    several = replace(FOUND, first_bad=COMMITS[1:])

    assert [
        "INCONCLUSIVE, because --max-runs 3 are used up",
        "  likeliest so far: bbbbbbbbbb change b (40 % confidence)",
    ] == bisect_text(unsure).splitlines()[:2]
    assert 3 == exit_status(unsure)
    assert bisect_text(several).startswith("FIRST BAD COMMIT: bbbbbbbbbb change b or cccccccccc change c")
    assert "could not be tested" in bisect_text(several)


def test_each_run_has_a_line() -> None:
    """With how many are left."""
    going = replace(FOUND, certainty=0.4, runs_left=7)

    assert "run 1  bbbbbbbbbb  bad  1.5 s  now bbbbbbbbbb 40 % confidence, about 7 runs left" == run_line(
        RUN, going
    )
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


def test_versions_have_their_shares_and_the_way_to_the_commit() -> None:
    """Names that are odd are quoted in the command; what is not sure has no command."""
    shares = (
        VersionShare("1.0", START, 1000, 10),
        VersionShare("1.1; x", START, 500, 50),
        VersionShare("none", START, 0, 0),
    )
    found = VersionBisection("shop", shares, "1.1; x", "1.0", 0.999, "10 % of requests fail since it")
    lines = versions_text(found).splitlines()

    assert "FIRST BAD VERSION: shop 1.1; x (99.9 % confidence)" == lines[0]
    assert lines[3].endswith("10 % of 500 fail  first bad")
    assert lines[-2].endswith("TEST:")
    assert ["lastgood", "bisect", "--good", "1.0", "--bad", "1.1; x", "--", "TEST"] == split(lines[-1])
    assert (True, "1.0", 3) == (
        versions_document(found)["found"], versions_document(found)["last_good"], len(versions_document(found)["versions"]),
    )  # fmt: skip
    here = versions_text(found, ("my shop",)).splitlines()[-1]
    assert ["--repo", "my shop", "--good", "1.0"] == split(here)[2:6]
    several = versions_text(found, ("a/shop", "b/shop")).splitlines()
    assert ["--repo", "FOLDER", "--good", "1.0"] == split(several[-1])[2:6]
    assert several[-2].endswith("TEST; the FOLDER is a/shop or b/shop:")
    alone = replace(found, certainty=1.0, caveat="no older version served beside it")
    assert [
        "FIRST BAD VERSION: shop 1.1; x, unless another change is the cause",
        "  no older version served beside it",
        "  > 99.9 % by the counts alone: 10 % of requests fail since it",
    ] == versions_text(alone).splitlines()[:3]
    unsure = replace(found, problem="the counts are too few")
    assert "INCONCLUSIVE, because the counts are too few" == versions_text(unsure).splitlines()[0]
    assert not any("lastgood bisect" in line for line in versions_text(unsure).splitlines())
    assert [0, 3] == [exit_status(found), exit_status(unsure)]
