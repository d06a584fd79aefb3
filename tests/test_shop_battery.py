"""How answers about the live shop are judged: against the truth of a run and the users' own books."""

from dataclasses import replace
from typing import Any

import pytest
from bench.shop.judging import false_counts, judged, onset, recovered, segment_f1
from bench.shop.playing import NO_FAULT, Played

START = 1_796_000_000.0
TRUTH = {
    "onset": "2026-11-30T00:53:20+00:00", "slow": False, "culprits": ["payments"], "change": "payments v1 → v2",
    "classes": ["bad_deploy"], "segment": {"user.plan": "school"}, "remedies": [["rollback", "payments"]],
}  # fmt: skip
SITREP = {
    "confirmed": {"verdict": "yes", "because": "20 % of 10 requests to edge /checkout fail"},
    "onset": {"at": "2026-11-30T00:53:23Z"},
    "impact": {"requests": 10, "failed": 2, "kind": "errors"},
    "comparison": {"bad": {"from": "2026-11-30T00:53:22Z", "to": "2026-11-30T00:53:32Z"}},
    "culprits": [{"service": "payments", "component": "POST /charge", "kind": "code"}],
    "changes": [{"title": "payments v1 → v2", "verdict": "likely"}],
    "failure_class": {"name": "bad_deploy"},
    "mitigations": [{"kind": "rollback", "target": "payments"}],
    "blast_radius": {"segments": [{"where": {"http.request.method": "POST", "user.plan": "school"}}]},
}


def books(failing: range) -> list[dict[str, Any]]:
    """A checkout a second, from ten before the fault to sixty after it, and as many pages that work."""
    return [
        {"at": START + second + 0.5, "path": path, "seconds": 0.1,
         "status": 502 if path == "/checkout" and second in failing else 200}
        for second in range(-10, 60) for path in ("/checkout", "/products")
    ]  # fmt: skip


RUN = Played("bad", 1, TRUTH, books(range(2, 4)), SITREP, START + 30, 5, ("rollback", "payments"), START + 35)


def test_a_right_answer_is_right() -> None:
    """In every column."""
    row = judged(RUN)

    assert 0.5 == pytest.approx(row["onset_error"])
    assert [] == [
        name for name in ("confirmed", "culprit", "change", "class", "first_mitigation") if not row[name]
    ]
    assert (1.0, True, "") == (row["segment"], row["recovered"], row["false_counts"])


def test_users_feel_it_when_their_first_request_fails() -> None:
    """Not before, whatever was deployed."""
    assert START + 2.5 == onset(RUN)
    assert START == onset(replace(RUN, books=books(range(0))))


def test_a_count_that_the_books_do_not_have_is_false() -> None:
    """Of the path that the sentence names."""
    said = {**SITREP, "confirmed": {"verdict": "yes", "because": "20 % of 10 requests to edge fail"}}

    assert "requests 10, books 20 to 20" in false_counts(replace(RUN, sitrep=said))
    said = {**SITREP, "impact": {"requests": 10, "failed": 3, "kind": "errors"}}
    assert "failed 3, books 2 to 2" == false_counts(replace(RUN, sitrep=said))


def test_what_goes_on_has_not_recovered() -> None:
    """By the last seconds of the books."""
    assert not recovered(replace(RUN, books=books(range(2, 60))))
    assert recovered(replace(RUN, done=None)) is None


@pytest.mark.parametrize(
    ("truth", "said", "score"),
    [
        ({}, [{"http.request.method": "POST"}], None),
        ({}, [{"user.plan": "school"}], 0.0),
        ({"user.plan": "school"}, [{"user.plan": "school", "user.region": "eu"}], 2 / 3),
        ({"user.plan": "school"}, [], 0.0),
    ],
)
def test_segments_are_scored_pair_by_pair(
    truth: dict[str, str], said: list[dict[str, str]], score: float | None
) -> None:
    """What was asked is no segment of users."""
    assert score == (found if (found := segment_f1(truth, said)) is None else pytest.approx(found))


def test_a_healthy_run_has_only_to_be_quiet() -> None:
    """No culprit is asked for."""
    quiet = replace(RUN, fault=NO_FAULT, sitrep={"confirmed": {"verdict": "no"}}, done=None)

    assert {"fault": NO_FAULT, "seed": 1, "confirmed": False, "took": 5} == judged(quiet)
