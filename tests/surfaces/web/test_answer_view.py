"""The answer in words: verdict, headline, shares and options."""

from dataclasses import replace

import pytest

from lastgood.incidents.state import incident_of
from lastgood.model.answers import ImpactKind, Mitigation
from lastgood.model.entry import Entry, Opened
from lastgood.model.failure import Broken, FailurePath
from lastgood.model.sitrep import Sitrep
from lastgood.surfaces.sitrep_json import sitrep_document
from lastgood.surfaces.web.answer_view import (
    MOST_HOPS,
    Answer,
    agreeing,
    answer_of,
    option_of,
    route_of,
    sentence,
    share_of,
    who,
)
from lastgood.workbench.assess import triaged
from records import START
from sitreps import broken, quiet


def answer(sitrep: Sitrep) -> Answer:
    incident = incident_of([Entry(1, 1, "kim", START, START, Opened("checkout fails"), "", "")])
    return answer_of(triaged(sitrep, ""), sitrep_document(sitrep), incident, START)


def test_the_headline_says_how_many_and_who() -> None:
    """Each number names the question that it rests on."""
    said = answer(broken())
    numbers = [(piece.text, piece.on) for line in said.headline for piece in line if piece.on]

    assert ("Confirmed", "yes") == (said.word, said.shape)
    assert [
        ("4.9\u00a0%", "confirm"),
        ("0.2\u00a0%", "confirm"),
        ("96.8\u00a0%", "blast_radius"),
    ] == numbers


def test_slow_requests_are_not_called_failing() -> None:
    """By how much is in the headline; shares are of slow requests, and the others were not counted."""
    sitrep = broken()
    assert sitrep.confirmation is not None
    impact = replace(sitrep.confirmation.impact, kind=ImpactKind.LATENCY, slower="p95 8 s, 0.3 s before")
    assert sitrep.path is not None
    path = replace(sitrep.path, how=Broken.SLOW)
    slow = replace(sitrep, confirmation=replace(sitrep.confirmation, impact=impact), path=path)
    shown, said = answer(slow), triaged(slow, "")

    assert "Requests are slower (p95 8 s, 0.3 s before)." == "".join(
        piece.text for piece in shown.headline[0]
    )
    assert "" == shown.failed
    assert "share that is slow" == share_of(said)
    assert ["issuer=ANZ, provider=stripe"] == [row.name for row in who(said)]
    assert "slow traces agree" in agreeing(said)


def test_what_is_not_confirmed_says_why() -> None:
    """One sentence, without a segment."""
    said = answer(quiet())

    assert "Not confirmed" == said.word
    assert 1 == len(said.headline)


def test_a_segment_stands_beside_all_others() -> None:
    """By short names; those of attributes that end alike are written whole."""
    said = triaged(broken(), "")
    rows = [(row.name, row.whole) for row in who(said)]
    assert ("issuer=ANZ, provider=stripe", "card.issuer=ANZ and payment.provider=stripe") == rows[0]
    assert ("All others", "") == rows[1]

    alike = replace(said.segments[0], where={"web.version": "8", "app.version": "9"})
    assert "app.version=9, web.version=8" == next(who(replace(said, segments=(alike,)))).name


@pytest.mark.parametrize(
    ("minutes", "reversible", "short"),
    [
        (2.0, True, "2\u00a0min"),
        (30.0, False, "30\u00a0min \u00b7 cannot be undone"),
        (None, True, "by others"),
    ],
)
def test_an_option_says_how_long_and_whether_it_can_be_undone(
    minutes: float | None, reversible: bool, short: str
) -> None:
    """In two words where there is little space."""
    option = option_of(Mitigation("rollback", "payments", minutes, reversible, None, "v1 was good"))

    assert ("Roll back payments", "V1 was good.", short) == (option.text, option.because, option.short)


@pytest.mark.parametrize(
    ("text", "expected"), [("no deploy matches", "No deploy matches."), ("Why?", "Why?")]
)
def test_a_text_becomes_a_sentence(text: str, expected: str) -> None:
    """A capital in front, a full stop behind unless there is an end."""
    assert expected == sentence(text)


def test_the_whole_request_path_is_drawn() -> None:
    """From the entry to the first bad hop; in a long one the middle is left out, and said in words."""
    short = route_of(FailurePath("payments", "bank", 9, 9, external=True, route=("web", "payments", "bank")))
    names = [f"s{n}" for n in range(MOST_HOPS + 2)]
    path = FailurePath(names[-2], names[-1], 9, 9, external=False, route=tuple(names), example="abc")
    long = route_of(path)

    drawn = [("web", ""), ("payments", "last good"), ("bank", "first bad \u00b7 external")]
    assert drawn == [(hop.name, hop.role) for hop in short.hops]
    assert ["s0", f"{len(names) - 3} more", *names[-2:]] == [hop.name for hop in long.hops]
    assert (False, True, "abc") == (short.left_out, long.left_out, long.example)
    assert all(name in long.whole for name in names)


def test_without_a_whole_path_the_two_hops_are_drawn() -> None:
    """As the record knows them; the last good one may be unknown."""
    two, one = (route_of(FailurePath(good, "bank", 9, 9, external=True)) for good in ("payments", None))

    assert [["payments", "bank"], ["bank"]] == [[hop.name for hop in found.hops] for found in (two, one)]
    assert "Last good: not known." in one.whole
